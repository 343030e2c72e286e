/** `timeline` and `history around` against a coordinator that answers as told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJson, encodeJson, type TimelineItem } from '@bpfleet/protocol';
import { fleetCommand } from '../../src/commands/fleet.ts';
import { fakeCoordinator } from '../support/fake-coordinator.ts';
import { testTerminal } from '../support/test-terminal.ts';

const AT_NS = 1_700_000_000_000_001_000n;

function eventAt(unixNs: bigint, text: string): Extract<TimelineItem, { kind: 'event' }>['event'] {
  return {
    ...{ session: 's1', host: 'web', epoch: 1, sequence: 2, index: 3, pid: 7, tid: 8, event: 0 },
    ...{ unixNs, hostNs: 0n, errorNs: 5, probes: ['kprobe:f'], fields: { ret: 2n ** 60n }, text },
  };
}

const enter = eventAt(AT_NS, 'in\u001b[2J\n');
const exit = eventAt(AT_NS + 1_500n, 'out\n');
const ITEMS: readonly TimelineItem[] = [
  { kind: 'timeline', sessions: [{ id: 's1', label: 's1' }], clocks: { web: 1_500 } },
  { kind: 'event', event: enter, label: 's1', isCentre: true },
  { kind: 'event', event: exit, label: 's1', gapNs: 1_500n },
  {
    kind: 'span',
    host: 'web',
    unixNs: exit.unixNs,
    span: { name: 'f', enter, exit, durationNs: 1_500n, depth: 0, uncertain: true },
  },
  { kind: 'loss', unixNs: AT_NS, loss: { host: 'web', fromNs: AT_NS, toNs: AT_NS, count: 3 } },
  { kind: 'end', events: 2, spans: [], joins: [] },
];

async function ask(
  items: readonly TimelineItem[],
  argv: readonly string[],
): Promise<{
  readonly out: string;
  readonly err: string;
  readonly code: number;
  readonly body: unknown;
}> {
  await using server = await fakeCoordinator((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(items.map((item) => `${encodeJson(item)}\n`).join(''));
  });
  const terminal = testTerminal();
  const code = await fleetCommand([...argv, '--url', server.url], terminal);
  const body = server.calls[0]?.body ?? '';
  return { ...terminal.printed, code, body: body === '' ? undefined : decodeJson(body) };
}

test('a timeline is printed with times, gaps and spans, and nothing traced acts on the terminal', async () => {
  const { out, code } = await ask(ITEMS, ['timeline', 's1', '--refs']);
  assert.equal(code, 0);
  assert.equal(
    out,
    [
      'clock error: web ±1.500 us',
      '>2023-11-14 22:13:20.000001000Z               web   7/8          web/1/2/3  in\\x1b[2J',
      ' 2023-11-14 22:13:20.000002500Z    +1.500 us  web   7/8          web/1/2/3  out',
      ' 2023-11-14 22:13:20.000002500Z               web   7/8          span f 1.500 us  pid 7 tid 8  ret=1152921504606846976 → ret=1152921504606846976  (uncertain: events were lost meanwhile)',
      ' 2023-11-14 22:13:20.000001000Z  web  3 events lost',
      '2 events',
      '',
    ].join('\n'),
  );
});

test('each line of JSON is an object, and names its event', async () => {
  const { out } = await ask(ITEMS, ['timeline', 's1', '--json']);
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ['timeline', 'event', 'event', 'span', 'loss', 'end'],
  );
  assert.equal(lines[1]?.['event'], 'web/1/2/3');
});

test('flags say what is asked for', async () => {
  const { body } = await ask(ITEMS, [
    ...['timeline', 'client=s1', 's2', '--pid', '7', '--from', '@1700000000', '--spans'],
    ...['--join', 'client.a = s2.b within 1s'],
  ]);
  assert.deepEqual(body, {
    sessions: [{ id: 's1', label: 'client' }, { id: 's2' }],
    pid: 7,
    fromNs: 1_700_000_000_000_000_000n,
    spans: ['auto'],
    joins: ['client.a = s2.b within 1s'],
  });
});

test('around an event its process is meant, around a moment everything', async () => {
  const event = await ask(ITEMS, [
    'history',
    'around',
    's1',
    '--at',
    'web/1/2/3',
    '--within',
    '5us',
  ]);
  assert.deepEqual(event.body, {
    sessions: [{ id: 's1' }],
    around: { event: 'web/1/2/3', withinNs: 5_000n },
  });
  const moment = await ask(ITEMS, [
    ...['history', 'around', 's1', '--at', '@1700000000.5', '--host', 'web', '--all-sessions'],
  ]);
  assert.deepEqual(moment.body, {
    sessions: [{ id: 's1' }],
    host: 'web',
    around: { atNs: 1_700_000_000_500_000_000n, withinNs: 10_000_000n, allSessions: true },
  });
  const wrong = await ask(ITEMS, ['history', 'around', 's1', '--at', '@1', '--within', 'soon']);
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.err, /500us, 10ms or 2s/);
});

test('a timeline that breaks off is no whole one', async () => {
  const broken = await ask(ITEMS.slice(0, 2), ['timeline', 's1']);
  assert.equal(broken.code, 1);
  assert.match(broken.err, /ended the timeline early/);
  const faulty = await ask([{ kind: 'fault', message: 'no memory' }], ['timeline', 's1']);
  assert.match(faulty.err, /no memory/);
});
