/** The command line of the fleet, and the commands that print lists. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostInfo } from '@bpfleet/protocol';
import { fleetCommand } from '../../src/commands/fleet.ts';
import { countItem, fakeCoordinator, json, session } from '../support/fake-coordinator.ts';
import { testTerminal } from '../support/test-terminal.ts';

const COMMANDS = [
  ...[['up'], ['agent'], ['coordinator'], ['hosts'], ['run'], ['sessions'], ['attach'], ['stop']],
  ...[['history'], ['history', 'ls'], ['history', 'show'], ['query']],
];

for (const command of COMMANDS) {
  test(`help of ${command.join(' ')} has examples`, async () => {
    const terminal = testTerminal();
    assert.equal(await fleetCommand([...command, '--help'], terminal), 0);
    assert.match(terminal.printed.out, /\nExamples:\n {2}bpfleet /);
  });
}

test('an unknown command is refused', async () => {
  const terminal = testTerminal();
  assert.equal(await fleetCommand(['frobnicate'], terminal), 1);
  assert.match(terminal.printed.err, /unknown command 'frobnicate'/);
});

test('no command at all prints the help and fails', async () => {
  const terminal = testTerminal();
  assert.equal(await fleetCommand([], terminal), 1);
  assert.match(terminal.printed.err, /Usage: bpfleet/);
});

const HOST: HostInfo = {
  host: 'db-1',
  labels: { role: 'db' },
  kernel: '6.1.0',
  arch: 'x86_64',
  features: [],
  agentVersion: '0.1.0',
  state: 'live',
  lastSeenMs: 0,
  clockOffsetNs: 0,
  clockErrorNs: 250_000,
  sessions: ['s1'],
};

test('hosts asks for the labels and prints a table', async () => {
  await using server = await fakeCoordinator((_, response) => json(response, 200, [HOST]));
  const terminal = testTerminal();
  const code = await fleetCommand(['hosts', '--url', server.url, '-l', 'role=db'], terminal);
  assert.equal(code, 0, terminal.printed.err);
  assert.equal(server.calls[0]?.path, '/v1/hosts?label=role%3Ddb');
  assert.match(
    terminal.printed.out,
    /^HOST .*\ndb-1 +live +6\.1\.0 +x86_64 +role=db +\+0\.0ms ±0\.3ms/,
  );
});

test('a coordinator that has been asked too much is asked again when it says', async () => {
  let asked = 0;
  await using server = await fakeCoordinator((_, response) => {
    asked += 1;
    if (asked === 2) return json(response, 200, []);
    response.setHeader('retry-after', asked === 1 ? '0' : '3600');
    return json(response, 429, { code: 'too-many-requests', message: 'more than 3 in a minute' });
  });
  const terminal = testTerminal();
  assert.equal(await fleetCommand(['hosts', '--url', server.url], terminal), 0);
  assert.equal(await fleetCommand(['hosts', '--url', server.url], terminal), 1);
  assert.match(terminal.printed.err, /^bpfleet hosts: more than 3 in a minute$/m);
});

test('history show prints coverage and maps of the store', async () => {
  await using server = await fakeCoordinator((_, response) =>
    json(response, 200, {
      session: session('ended', { a: 'ended', db: 'ended' }),
      output: [{ kind: 'printf', host: 'a', unixNs: 1n, text: 'hi\n' }],
      maps: [countItem(9n)],
    }),
  );
  const terminal = testTerminal();
  const code = await fleetCommand(['history', 'show', 's1', '--url', server.url], terminal);
  assert.equal(code, 0, terminal.printed.err);
  assert.match(terminal.printed.out, /^a {3}hi\nhosts 2\/2 [^]*\n\n\n@: 9\n$/);
});

test('history ls sends its filters, times as Unix milliseconds', async () => {
  await using server = await fakeCoordinator((_, response) => json(response, 200, []));
  const terminal = testTerminal();
  const filters = [
    '--since',
    '2026-11-23T10:00Z',
    '--probe',
    'kprobe:*',
    '--user',
    'ann',
    '-n',
    '5',
  ];
  const code = await fleetCommand(['history', 'ls', ...filters, '--url', server.url], terminal);
  assert.equal(code, 0, terminal.printed.err);
  assert.equal(
    server.calls[0]?.path,
    `/v1/history?since=${Date.parse('2026-11-23T10:00Z')}&limit=5&user=ann&probe=kprobe%3A*`,
  );
});

for (const [flag, value] of [
  ['--since', 'soon'],
  ['-n', '0'],
  ['--state', 'gone'],
] as const) {
  test(`history ls refuses ${flag} ${value} before it asks anybody`, async () => {
    const terminal = testTerminal();
    assert.equal(await fleetCommand(['history', 'ls', flag, value], terminal), 1);
    assert.match(terminal.printed.err, new RegExp(value));
  });
}

test('history show asks for a part, and says what is left out', async () => {
  await using server = await fakeCoordinator((_, response) =>
    json(response, 200, {
      session: session('ended', { a: 'ended' }),
      output: [],
      omitted: { lines: 5, maps: 0, beforeNs: 1_700_000_000_000_000_000n },
      maps: [countItem(9n)],
    }),
  );
  const terminal = testTerminal();
  const part = ['--by-host', '--from', '@1700000000.25', '--lines', '3', '--window', 'last'];
  const code = await fleetCommand(
    ['history', 'show', 's1', ...part, '--url', server.url],
    terminal,
  );
  assert.equal(code, 0, terminal.printed.err);
  assert.equal(
    server.calls[0]?.path,
    '/v1/history/s1?from=1700000000250000000&byHost=true&lines=3&window=last',
  );
  assert.match(
    terminal.printed.err,
    /^left out: 5 lines and 0 printed maps before 2023-11-14 22:13/,
  );
});

test('query prints the rows as a table, numbers to the right', async () => {
  await using server = await fakeCoordinator((_, response) =>
    json(response, 200, {
      columns: [
        { name: 'host', type: 'String' },
        { name: 'n', type: 'UInt64' },
      ],
      rows: [
        ['web-1', '5'],
        ['b', '1234567890123456789'],
      ],
    }),
  );
  const terminal = testTerminal();
  const code = await fleetCommand(['query', 'SELECT 1', '--url', server.url], terminal);
  assert.equal(code, 0, terminal.printed.err);
  assert.equal(
    terminal.printed.out,
    'host                     n\nweb-1                    5\nb      1234567890123456789\n',
  );
});

test('what the coordinator refuses is told in its words', async () => {
  await using server = await fakeCoordinator((_, response) =>
    json(response, 404, { code: 'not-found', message: 'no session s9' }),
  );
  const terminal = testTerminal();
  const code = await fleetCommand(['history', 'show', 's9', '--url', server.url], terminal);
  assert.equal(code, 1);
  assert.equal(terminal.printed.err, 'bpfleet history: no session s9\n');
});
