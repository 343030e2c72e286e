/** One well-formed message of each kind that travels as JSON. */
import type {
  CoordinatorInfo,
  DesiredSession,
  Heartbeat,
  HostReport,
  RunRequest,
} from '@bpfleet/protocol';
import { SCHEMA } from '../../../packages/coordinator/test/support/every-frame.ts';
import type { StoredSession } from '../../../packages/coordinator/src/session/stored-session.ts';

export const A_HEARTBEAT: Heartbeat = {
  version: 1,
  host: 'web-1',
  labels: { role: 'web', zone: 'a' },
  kernel: '6.12.0',
  arch: 'x86_64',
  features: ['kprobe_multi'],
  agentVersion: '0.1.0',
  startedAtMs: 1_700_000_000_000,
  sentAtNs: '1700000000000000000',
  bootToUnixNs: '1690000000000000000',
  leaseMs: 30_000,
  sessions: ['s1'],
  refusals: { s1: 'too large' },
};

const from = { version: 1, session: 's1', host: 'web-1', atMs: 1_700_000_000_000 } as const;

export const REPORTS: readonly HostReport[] = [
  { ...from, kind: 'armed', schema: SCHEMA, schemaHash: 'h', probes: 2, warnings: '' },
  {
    ...from,
    kind: 'failed',
    fault: 'program',
    message: "stdin:1:1: ERROR: Unknown identifier: 'x'",
  },
  { ...from, kind: 'checked', probes: 1, warnings: '' },
  { ...from, kind: 'attached', probes: 1 },
  { ...from, kind: 'lost', message: 'its runner died' },
  { ...from, kind: 'ended', reason: 'exit' },
];

export const A_SESSION: DesiredSession = {
  version: 1,
  id: 's1',
  program: 'tracepoint:sched:sched_switch { @[comm] = count(); }',
  sourceName: 'stdin',
  files: { 'a.bt': { kind: 'text', text: 'macro m() { 1 }', worldWritable: false } },
  includes: ['linux/fs.h'],
  parameters: ['1'],
  namedParameters: ['x=1'],
  selector: { hosts: [], labels: { role: 'web' } },
  unsafe: false,
  state: 'run',
  startAtMs: 1_700_000_000_500,
  durationMs: 1000,
  budget: { cpuShare: 0.1, eventsPerSecond: 10 },
  createdAtMs: 1_700_000_000_000,
  who: 'me',
  without: { 'web-2': 'another layout' },
};

export const A_STORED_SESSION: StoredSession = {
  ...A_SESSION,
  memo: {
    merge: 'meaning',
    hosts: ['web-1'],
    armDeadlineMs: 1_700_000_015_000,
    clocks: {},
    spans: ['read: enter=a:b exit=a:c by tid'],
    owner: 'c1',
  },
};

export const A_REQUEST: RunRequest = {
  id: 'abcdefgh',
  program: 'begin { printf("%d\\n", $1); }',
  sourceName: 'stdin',
  files: { 'a.bt': { kind: 'directory', entries: ['b.bt'], worldWritable: false } },
  includes: [],
  parameters: ['1'],
  namedParameters: ['x'],
  selector: { hosts: ['web-1'], labels: {} },
  unsafe: false,
  armTimeoutMs: 1000,
  who: 'me',
  merge: 'meaning',
  atLeast: { kind: 'percent', percent: 50 },
  budget: { cpuShare: 0.5, mapBytes: 1000 },
  spans: ['read: enter=tracepoint:a:b/fd=3/ exit=tracepoint:a:c by tid'],
  joins: ['client.key = server.key within 5ms'],
  durationMs: 1000,
};

export const COORDINATOR_INFO: CoordinatorInfo = {
  version: 1,
  id: 'c1',
  process: 'p1',
  url: 'http://127.0.0.1:7070',
  startedAtMs: 1_700_000_000_000,
};

export const A_BEAT = { sentAtMs: 1_700_000_000_000 } as const;
