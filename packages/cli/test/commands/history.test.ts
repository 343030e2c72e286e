/** Commands of the history against a coordinator that answers as told. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fleetCommand } from '../../src/commands/fleet.ts';
import { fakeCoordinator, json, session } from '../support/fake-coordinator.ts';
import { HEAT } from '../support/heat-answer.ts';
import { testTerminal } from '../support/test-terminal.ts';

/** Runs a command of the history, and gives what was asked of the coordinator. */
async function ask(
  answer: unknown,
  argv: readonly string[],
  overrides: Parameters<typeof testTerminal>[0] = {},
): Promise<{
  readonly path: string;
  readonly out: string;
  readonly err: string;
  readonly code: number;
}> {
  await using server = await fakeCoordinator((_, response) => json(response, 200, answer));
  const terminal = testTerminal(overrides);
  const code = await fleetCommand(['history', ...argv, '--url', server.url], terminal);
  return { path: server.calls[0]?.path ?? '', ...terminal.printed, code };
}

for (const command of [
  'top',
  'diff',
  'outliers',
  'heatmap',
  'export',
  'rerun',
  'rm',
  'retention',
]) {
  test(`help of history ${command} has examples`, async () => {
    const terminal = testTerminal();
    assert.equal(await fleetCommand(['history', command, '--help'], terminal), 0);
    assert.match(terminal.printed.out, /\nExamples:\n {2}bpfleet history /);
  });
}

const TOP = {
  session: session('ended', { a: 'ended' }),
  maps: [
    {
      map: '@',
      measure: 'count',
      entries: [{ key: 'k', value: 2n ** 60n, hosts: 1 }],
      of: 1,
      sum: 2n ** 60n,
    },
  ],
};

test('top asks for a map in a range of time, and prints JSON without loss', async () => {
  const flags = ['--by', 'host', '-n', '3', '--from', '@1700000000', '--json'];
  const { path, out } = await ask(TOP, ['top', 's1', '@', ...flags]);
  assert.equal(path, '/v1/history/s1/top?from=1700000000000000000&limit=3&by=host&map=%40');
  assert.deepEqual(JSON.parse(out).entries, [{ key: 'k', value: String(2n ** 60n), hosts: 1 }]);
});

test('a range that ends before it begins is refused before anybody is asked', async () => {
  for (const command of [
    ['show', 's1'],
    ['top', 's1'],
    ['heatmap', 's1', '@'],
  ]) {
    const range = ['--from', '@1700000010', '--to', '@1700000000'];
    const { path, err, code } = await ask({}, [...command, ...range]);
    assert.deepEqual([path, code], ['', 1]);
    assert.match(
      err,
      /--to @1700000000 \(2023-11-14 22:13:20.*\) is not after --from @1700000010 /,
    );
  }
});

test('diff needs a second session or a moment, not both', async () => {
  for (const argv of [['s1'], ['s1', 's2', '--at', '1h']]) {
    const { err, code } = await ask({}, ['diff', ...argv]);
    assert.equal(code, 1);
    assert.match(err, /name a second session, or with --at a moment in the first, not both/);
  }
  const { err } = await ask({}, ['diff', 's1', 's2', '--span', '5m']);
  assert.match(err, /--span belongs to --at/);
});

test('diff asks about a moment in nanoseconds', async () => {
  const answer = { before: TOP, after: TOP, maps: [], notCompared: {} };
  const { path } = await ask(answer, ['diff', 's1', '--at', '@1700000000.5', '--span', '5m']);
  assert.equal(path, '/v1/history/s1/diff?at=1700000000500000000&span=300000000000');
});

test('heatmap asks for as many columns as the terminal has room for', async () => {
  const size = (): { columns: number; rows: number } => ({ columns: 132, rows: 40 });
  const { path, out } = await ask(HEAT, ['heatmap', 's1', '@ns'], { size, color: true });
  assert.equal(path, '/v1/history/s1/heatmap?map=%40ns&columns=112');
  assert.ok(out.includes('\u001b[48;5;196m'));
  const plain = await ask(HEAT, ['heatmap', 's1', '@ns'], { color: true });
  assert.match(plain.path, /columns=60$/);
  assert.ok(!plain.out.includes('\u001b'));
});

test('heatmap writes pictures', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bpfleet-heat-'));
  try {
    const [svg, png] = [join(folder, 'a.svg'), join(folder, 'a.png')];
    const { out, code } = await ask(HEAT, ['heatmap', 's1', '@ns', '--svg', svg, '--png', png]);
    assert.deepEqual([out, code], ['', 0]);
    assert.match(await readFile(svg, 'utf8'), /^<svg /);
    assert.equal((await readFile(png)).subarray(1, 4).toString(), 'PNG');
    const { err, code: failed } = await ask(HEAT, ['heatmap', 's1', '@ns', '--svg', folder]);
    assert.equal(failed, 1);
    assert.match(err, /^bpfleet history: .*directory/i);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('outliers refuses a threshold that is none', async () => {
  const { err, code } = await ask({}, ['outliers', 's1', '@', '--threshold', '-1']);
  assert.equal(code, 1);
  assert.match(err, /not a number above 0/);
});

const REQUEST = {
  program: 'BEGIN {}',
  sourceName: 'a.bt',
  files: { 'x.h': { kind: 'text', text: '', worldWritable: false } },
  parameters: ['1'],
  selector: { hosts: [], labels: { role: 'web' } },
  unsafe: false,
  who: 'somebody',
  merge: 'host',
  durationMs: 5_000,
  budget: { cpuShare: 0.01, eventsPerSecond: 5 },
};

test('rerun asks for the same again, as another session of whoever asks', async () => {
  const bodies: unknown[] = [];
  await using server = await fakeCoordinator(({ method, body }, response) => {
    if (method === 'POST') bodies.push(JSON.parse(body));
    json(response, 200, method === 'POST' ? session('running', { a: 'attached' }) : REQUEST);
  });
  const rerun = async (...flags: readonly string[]): Promise<void> => {
    const terminal = testTerminal();
    const argv = ['history', 'rerun', 's1', '--detach', '--url', server.url, ...flags];
    assert.equal(await fleetCommand(argv, terminal), 0, terminal.printed.err);
  };
  await rerun();
  await rerun('--host', 'db-1', '--for', '1m', '--max-events', '9', '--merge');
  const [same, other] = bodies as { readonly id: string }[];
  assert.ok(same && other);
  assert.match(same.id, /^s[a-z0-9]{10,}$/);
  assert.deepEqual(same, { ...REQUEST, id: same.id, who: 'tester' });
  assert.deepEqual(other, {
    ...REQUEST,
    id: other.id,
    who: 'tester',
    merge: 'all',
    durationMs: 60_000,
    selector: { hosts: ['db-1'], labels: {} },
    budget: { cpuShare: 0.01, eventsPerSecond: 9 },
  });
});

test('rm asks on a terminal, and removes nothing without a yes', async () => {
  await using server = await fakeCoordinator(({ method }, response) =>
    json(response, 200, method === 'DELETE' ? { id: 's1' } : session('ended', { a: 'ended' })),
  );
  const remove = async (answer: string, ...flags: readonly string[]) => {
    const asked: string[] = [];
    const terminal = testTerminal({
      size: () => ({ columns: 80, rows: 24 }),
      ask: async (question) => {
        asked.push(question);
        return answer;
      },
    });
    const argv = ['history', 'rm', 's1', 's1', '--url', server.url, ...flags];
    const code = await fleetCommand(argv, terminal);
    return { code, asked, ...terminal.printed };
  };
  const no = await remove('n');
  assert.deepEqual([no.code, no.out], [1, '']);
  assert.match(no.err, /s1 +ended[^]*bpfleet history: nothing was removed\n$/);
  assert.deepEqual(no.asked, ['Remove this session and all that is stored of it? [y/N] ']);
  assert.ok(!server.calls.some(({ method }) => method === 'DELETE'));
  const yes = await remove('y');
  assert.deepEqual([yes.code, yes.out], [0, 's1 removed\n']);
  assert.equal(server.calls.at(-1)?.path, '/v1/history/s1?who=tester');
  const unasked = await remove('', '--yes', '--json');
  assert.deepEqual([unasked.out, unasked.asked], ['{"id":"s1"}\n', []]);
});

test('retention shows sizes and ages', async () => {
  const { out } = await ask(
    [
      { table: 'events', rows: 1_000_000, bytes: 12_582_912, keptSeconds: 2_592_000 },
      { table: 'audit', rows: 0, bytes: 0 },
    ],
    ['retention'],
  );
  assert.equal(
    out,
    [
      'TABLE      ROWS  ON DISK  BYTES A ROW  KEPT',
      'events  1000000  12.0M    12.6         30d',
      'audit         0  0                     for ever',
      '',
    ].join('\n'),
  );
});

test('export writes page by page, to a file or to standard output', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bpfleet-export-'));
  const head = { session: session('ended', { a: 'ended' }), fields: ['n'], maps: [] };
  const event = { atNs: 0n, host: 'a', pid: 1, tid: 1, kind: 'printf', probes: [], text: 'x\n' };
  await using server = await fakeCoordinator(({ path }, response) => {
    if (path.endsWith('/export')) json(response, 200, head);
    else if (path.includes('/spans') || path.includes('/points'))
      json(response, 200, { items: [] });
    else if (path.includes('after=next'))
      json(response, 200, { items: [{ ...event, fields: { n: 2n } }] });
    else json(response, 200, { items: [{ ...event, fields: { n: 1n } }], next: 'next' });
  });
  const run = async (...argv: readonly string[]) => {
    const terminal = testTerminal();
    const code = await fleetCommand(
      ['history', 'export', 's', '--url', server.url, ...argv],
      terminal,
    );
    return { code, ...terminal.printed };
  };
  try {
    const file = join(folder, 'out.csv');
    assert.deepEqual(await run('--format', 'csv', '-o', file), { code: 0, out: '', err: '' });
    const text =
      'at,host,pid,tid,kind,probes,text,n\r\n' +
      '1970-01-01T00:00:00.000000000Z,a,1,1,printf,,x,1\r\n' +
      '1970-01-01T00:00:00.000000000Z,a,1,1,printf,,x,2\r\n';
    assert.equal(await readFile(file, 'utf8'), text);
    assert.equal((await run('--format', 'csv')).out, text);
    assert.equal((await run('--format', 'json')).out.split('\n').length, 4);
    for (const [argv, says] of [
      [['--host', 'b'], /session s1 had no host b: it has a\n/],
      [['--map', '@x'], /session s1 has no map @x: it has none\n/],
      [['--format', 'folded'], /session s1 has no map that counts stacks/],
      [['--format', 'png'], /Allowed choices are json, csv, perfetto, folded, flamegraph/],
      [['-o', join(folder, 'no', 'such')], /No such file or directory/],
    ] as const) {
      const { code, err } = await run(...argv);
      assert.equal(code, 1);
      assert.match(err, says);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
