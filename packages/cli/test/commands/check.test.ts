/** `bpfleet check` against a coordinator that answers as told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJson, type CheckRequest, type HostVerdict } from '@bpfleet/protocol';
import { fleetCommand } from '../../src/commands/fleet.ts';
import { fakeCoordinator, json, type FakeCoordinator } from '../support/fake-coordinator.ts';
import { testTerminal } from '../support/test-terminal.ts';

const PROGRAM = 'kprobe:f { @ = count(); }';
const REASON = 'stdin:1:1-9: ERROR: kprobe:f: no kprobes in this kernel\n';

const HOSTS: readonly HostVerdict[] = [
  { host: 'db-1', verdict: 'loads', probes: 3, warnings: '' },
  { host: 'web-1', verdict: 'refused', message: REASON },
  { host: 'web-2', verdict: 'refused', message: REASON },
  { host: 'web-3', verdict: 'failed', message: 'no answer within 15 s' },
];

function coordinator(hosts: readonly HostVerdict[]): Promise<FakeCoordinator> {
  return fakeCoordinator((_, response) => {
    json(response, 200, { hosts });
  });
}

test('check says which hosts load the program, and why others do not, each reason once', async () => {
  await using server = await coordinator(HOSTS);
  const terminal = testTerminal();
  const code = await fleetCommand(['check', '--url', server.url, '-e', PROGRAM], terminal);
  assert.equal(code, 1);
  assert.equal(
    terminal.printed.out,
    'HOST   VERDICT  PROBES\ndb-1   loads    3\nweb-1  refused  -\nweb-2  refused  -\nweb-3  failed   -\n',
  );
  assert.equal(terminal.printed.err, `${REASON}on web-1, web-2\nno answer within 15 s\non web-3\n`);
});

test('check sends the program with its selector, and ends well where all hosts load it', async () => {
  await using server = await coordinator(HOSTS.slice(0, 1));
  const terminal = testTerminal();
  const argv = ['check', '--url', server.url, '-l', 'role=db', '--host', 'x', '-e', PROGRAM, '7'];
  assert.equal(await fleetCommand(argv, terminal), 0);
  assert.equal(terminal.printed.err, '');
  const [call] = server.calls;
  assert.equal(call?.path, '/v1/check');
  assert.deepEqual(decodeJson(call.body), {
    program: PROGRAM,
    sourceName: 'stdin',
    parameters: ['7'],
    selector: { hosts: ['x'], labels: { role: 'db' } },
    unsafe: false,
    who: 'tester',
  } satisfies CheckRequest);
});

test('check --json writes one object for each host', async () => {
  await using server = await coordinator(HOSTS);
  const terminal = testTerminal();
  await fleetCommand(['check', '--json', '--url', server.url, '-e', PROGRAM], terminal);
  const lines = terminal.printed.out.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    HOSTS.map((host) => ({ type: 'check', ...host })),
  );
  assert.equal(terminal.printed.err, '');
});
