/** Control messages read from the network: each parser gives the message, or undefined for anything else. */
import { MERGE_MODES } from '../merge/merge-mode.ts';
import { isSchema } from '../schema/check-schema.ts';
import type { Schema } from '../schema/schema.ts';
import { decodeJson } from '../value/json.ts';
import type { Check } from './check.ts';
import {
  isBoolean,
  isCount,
  isDictionary,
  isList,
  isOneOf,
  isOptional,
  isRecord,
  isText,
  isVariant,
} from './check.ts';
import type {
  CoordinatorBeat,
  DesiredSession,
  Heartbeat,
  HostReport,
  Selector,
} from './control.ts';
import type { CoordinatorInfo } from './coordinator-info.ts';
import type { QueryRequest, RunRequest } from './http.ts';

/** JSON, as text or as its UTF-8 bytes. */
export type Message = string | Uint8Array;

const MAX_LENGTH = 8 * 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true });

export function parseHeartbeat(message: Message): Heartbeat | undefined {
  return parse(message, heartbeat) as Heartbeat | undefined;
}

export function parseHostReport(message: Message): HostReport | undefined {
  return parse(message, hostReport) as HostReport | undefined;
}

export function parseDesiredSession(message: Message): DesiredSession | undefined {
  return parse(message, desiredSession) as DesiredSession | undefined;
}

export function parseCoordinatorInfo(message: Message): CoordinatorInfo | undefined {
  return parse(message, coordinatorInfo) as CoordinatorInfo | undefined;
}

/** Undefined from a coordinator that says no time. */
export function parseCoordinatorBeat(message: Message): CoordinatorBeat | undefined {
  return parse(message, coordinatorBeat) as CoordinatorBeat | undefined;
}

export function parseSchema(message: Message): Schema | undefined {
  return parse(message, isSchema) as Schema | undefined;
}

export function parseSelector(message: Message): Selector | undefined {
  return parse(message, selector) as Selector | undefined;
}

export function parseRunRequest(message: Message): RunRequest | undefined {
  return parse(message, runRequest) as RunRequest | undefined;
}

export function parseQueryRequest(message: Message): QueryRequest | undefined {
  return parse(message, isRecord({ sql: isText })) as QueryRequest | undefined;
}

/** Undefined also for bytes that are not UTF-8, and for JSON that is nested so deeply that reading it runs out of stack. */
function parse(message: Message, check: Check): unknown {
  if (message.length > MAX_LENGTH) return undefined;
  try {
    const text = typeof message === 'string' ? message : decoder.decode(message);
    const value = decodeJson(text);
    return check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const version = isOneOf(1);
const labels = isDictionary(isText);

const heartbeat = isRecord({
  version,
  host: isText,
  labels,
  kernel: isText,
  arch: isText,
  features: isList(isText),
  agentVersion: isText,
  startedAtMs: isCount,
  bootToUnixNs: isOptional((value) => typeof value === 'string' && /^-?\d{1,20}$/.test(value)),
  leaseMs: isOptional(isCount),
  sentAtNs: (value) => typeof value === 'string' && /^\d{1,20}$/.test(value),
  sessions: isList(isText),
  refusals: isOptional(isDictionary(isText)),
  policy: isOptional(
    isRecord({ digest: isText, unsafe: isBoolean, redact: isBoolean, fault: isOptional(isText) }),
  ),
});

const selector = isRecord({ hosts: isList(isText), labels });

const programFiles = isDictionary(
  isVariant({
    text: isRecord({ text: isText, worldWritable: isBoolean }),
    directory: isRecord({ entries: isList(isText), worldWritable: isBoolean }),
    'found-at': isRecord({ path: isText }),
    missing: isRecord({}),
    unreadable: isRecord({ reason: isText }),
  }),
);

const budget = isRecord({
  cpuShare: isOptional(Number.isFinite),
  eventsPerSecond: isOptional(isCount),
  bytesPerSecond: isOptional(isCount),
  mapBytes: isOptional(isCount),
});

const containers = isRecord({
  pods: isOptional(isText),
  namespace: isOptional(isText),
  workload: isOptional(isText),
  containers: isOptional(isList(isText)),
  cgroups: isOptional(isList(isText)),
});

const desiredSession = isRecord({
  version,
  id: isText,
  program: isText,
  sourceName: isText,
  files: isOptional(programFiles),
  includes: isOptional(isList(isText)),
  parameters: isList(isText),
  namedParameters: isOptional(isList(isText)),
  selector,
  containers: isOptional(containers),
  unsafe: isBoolean,
  redact: isOptional(isBoolean),
  state: isOneOf('arm', 'run', 'stop'),
  startAtMs: isOptional(isCount),
  durationMs: isOptional(isCount),
  budget: isOptional(budget),
  createdAtMs: isCount,
  who: isText,
  without: isOptional(isDictionary(isText)),
  check: isOptional(isBoolean),
});

const coordinatorBeat = isRecord({ sentAtMs: isCount, from: isOptional(isText) });

const coordinatorInfo = isRecord({
  version,
  id: isText,
  process: isText,
  url: isOptional(isText),
  startedAtMs: isCount,
  released: isOptional(isBoolean),
});

const reported = isRecord({ version, session: isText, host: isText, atMs: isCount });
const leftBehind = isRecord({
  epoch: isCount,
  read: isCount,
  ringBuffer: isCount,
  mapFull: isCount,
});
const reportKinds = isVariant({
  armed: isRecord({
    schema: isSchema,
    schemaHash: isText,
    probes: isCount,
    warnings: isText,
    unmatched: isOptional(isText),
  }),
  matched: isRecord({ fault: isOptional(isText) }),
  failed: isRecord({ fault: isOneOf('program', 'host'), message: isText }),
  checked: isRecord({ probes: isCount, warnings: isText }),
  attached: isRecord({ probes: isCount }),
  lost: isRecord({ message: isText, left: isOptional(leftBehind) }),
  ended: isRecord({
    reason: isOneOf('exit', 'stopped', 'duration', 'lease', 'probes-gone', 'budget', 'policy'),
  }),
});
const hostReport: Check = (value) => reported(value) && reportKinds(value);

const runRequest = isRecord({
  program: isText,
  sourceName: isText,
  files: isOptional(programFiles),
  includes: isOptional(isList(isText)),
  parameters: isList(isText),
  namedParameters: isOptional(isList(isText)),
  selector,
  containers: isOptional(containers),
  unsafe: isBoolean,
  redact: isOptional(isBoolean),
  durationMs: isOptional(isCount),
  merge: isOptional(isOneOf(...MERGE_MODES)),
  atLeast: isOptional(
    isVariant({
      hosts: isRecord({ hosts: isCount }),
      percent: isRecord({ percent: Number.isFinite }),
    }),
  ),
  budget: isOptional(budget),
  spans: isOptional(isList(isText)),
  joins: isOptional(isList(isText)),
  armTimeoutMs: isOptional(isCount),
  who: isText,
});
