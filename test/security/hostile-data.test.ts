/**
 * A traced process whose names and paths are attacks, on a host whose name and labels are attacks as well: what comes
 * out, in whatever form, is data.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { decodeText, showBytes } from '@bpfleet/protocol';
import {
  HOSTILE_CALLS,
  HOSTILE_NAMES,
  startHostileProcess,
  type HostileProcess,
} from '../support/hostile-process.ts';
import { inTerminal } from '../support/in-terminal.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { TestFleet } from '../support/test-fleet.ts';

const HOST = 'h\u001b[2J\u202e"><script>=1';
const LABELS = { '+a"b': '\u001b]0;x\u0007<b>', role: "';DROP TABLE hosts" };
const PROGRAM = `tracepoint:syscalls:sys_enter_chdir /pid == $1/ {
  printf("%s in %s\\n", comm, str(args.filename));
  @calls[comm] = count(); @h[comm] = hist(5); @stacks[kstack, comm] = count();
}
interval:ms:200 { @ticks = count(); }`;

/** As JSON and SQL have them: bytes that are no UTF-8 are shown. */
const NAMES = HOSTILE_NAMES.map((name) => showBytes(decodeText(Buffer.from(name, 'latin1'))));

/** What the live view does itself: up some lines, to the left, clear; and colours of a heat map. */
// oxlint-disable-next-line no-control-regex
const OWN = /\u001b\[\d+A\r\u001b\[J|\u001b\[J|\u001b\[48;5;\d+m|\u001b\[0?m/g;
const ACTS = /(?![\n\t])\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u;

/** @param said bytes that reached a terminal, which ends lines by two of them */
function assertHarmless(said: string, what: string): void {
  const text = decodeText(Buffer.from(said.replaceAll('\r\n', '\n').replace(OWN, ''), 'latin1'));
  assert.doesNotMatch(text, ACTS, what);
  assert.doesNotMatch(text, /\p{Cs}/u, what);
}

/** Cells of RFC 4180. */
function cellsOf(csv: string): readonly string[] {
  const cells = csv.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g);
  return [...cells].map(([, inQuotes, plain = '']) => inQuotes?.replaceAll('""', '"') ?? plain);
}

function assertNoFormulas(csv: string): void {
  const cells = cellsOf(csv);
  assert.ok(cells.length > HOSTILE_NAMES.length);
  for (const cell of cells) {
    if (/^[+-]?\d+(\.\d+)?$/.test(cell)) continue;
    assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
  }
}

function assertDrawing(svg: string): void {
  for (const [tag] of svg.matchAll(/<[^>]*>/g)) {
    assert.match(
      tag,
      /^<\/?(?:svg|style|g|title|rect|text)(?: [a-z][\w-]*="[^"<]*")* ?\/?>$/i,
      tag,
    );
  }
  assert.doesNotMatch(svg.replaceAll('\n', ''), ACTS);
}

describe('hostile data', { skip: notRoot(), timeout: 300_000, concurrency: false }, () => {
  let fleet: TestFleet;
  let traced: HostileProcess;
  let folder: string;
  let id: string;
  let live: Promise<string>;
  let json: Promise<string>;

  const terminal = (...argv: readonly string[]): Promise<string> =>
    inTerminal(argv, { BPFLEET_URL: fleet.url });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bpfleet-hostile-'));
    fleet = await TestFleet.start({ [HOST]: { labels: LABELS } });
    traced = startHostileProcess();
    const argv = ['run', '-e', PROGRAM, String(traced.pid)];
    live = terminal(...argv);
    json = fleet.output(...argv, '--json');
    id = await fleet.detached(argv.slice(1), 1);
    const sessions = async (): Promise<readonly string[]> =>
      (await fleet.json('sessions')).map((session) => String(session['id']));
    await fleet.until('all are there', async () => (await sessions()).length === 3);
    const all = await sessions();
    for (const one of all) await fleet.untilHosts(one, 'attached', 1);
    await traced.run();
    for (const one of all) await fleet.output('stop', one);
  });
  after(async () => {
    traced[Symbol.dispose]();
    await fleet.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('does not act on the terminal of a run', async () => {
    const said = await live;
    assert.match(said, /\\x1b\[2J\\x1b\]0;x\\x07 in \/nowhere\//);
    assertHarmless(said, 'run');
  });

  it('is data in the JSON of a run', async () => {
    const lines = (await json).trimEnd().split('\n');
    const items = lines.map((line) => JSON.parse(line) as { type: string; data: unknown });
    const printed = items.filter(({ type }) => type === 'printf').map(({ data }) => String(data));
    for (const name of NAMES) {
      assert.ok(
        printed.some((line) => line.startsWith(`${name} in /nowhere/`)),
        name,
      );
    }
    for (const line of lines) assert.doesNotMatch(line, ACTS);
  });

  it('does not act on the terminal of anybody who looks at it later', async () => {
    for (const argv of [
      ['history', 'show', id],
      ['history', 'ls'],
      ['history', 'top', id, '@calls'],
      ['history', 'heatmap', id, '@h'],
      ['history', 'export', id, '--format', 'csv'],
      ['history', 'export', id, '--format', 'folded'],
      ['timeline', id],
      ['hosts'],
      ['audit'],
      ['query', 'SELECT * FROM events'],
      ['query', '--format', 'tsv', 'SELECT text FROM events'],
      ['history', 'show', `\u001b[2J${id}`],
    ]) {
      const said = await terminal(...argv);
      assert.ok(said.length > 20, argv.join(' '));
      assertHarmless(said, argv.join(' '));
    }
  });

  it('is no formula in CSV, and numbers are numbers', async () => {
    const events = await fleet.output('history', 'export', id, '--format', 'csv');
    const maps = await fleet.output('history', 'export', id, '--format', 'csv', '--maps');
    const rows = await fleet.output('query', '--format', 'csv', 'SELECT *, -5 AS n FROM events');
    for (const csv of [events, maps, rows]) assertNoFormulas(csv);
    assert.ok(cellsOf(rows).includes('-5'));
    assert.ok(cellsOf(events).some((cell) => cell.startsWith("'=cmd|'/C x'!A0")));
  });

  it('is text in drawings', async () => {
    const flames = join(folder, 'flames.svg');
    await fleet.output(
      ...['history', 'export', id, '--format', 'flamegraph', '--map', '@stacks', '-o', flames],
    );
    const heat = join(folder, 'heat.svg');
    await fleet.output('history', 'heatmap', id, '@h', '--svg', heat);
    for (const path of [flames, heat]) assertDrawing(await readFile(path, 'utf8'));
    assert.match(await readFile(flames, 'utf8'), /&quot;&gt;&lt;script&gt;a\(\)\/\//);
    // What is traced never has a say in where files go.
    assert.deepEqual((await readdir(folder)).toSorted(), ['flames.svg', 'heat.svg']);
  });

  it('is data in whatever reads JSON', async () => {
    const trace = JSON.parse(
      await fleet.output('history', 'export', id, '--format', 'perfetto'),
    ) as { readonly traceEvents: readonly { readonly args?: { readonly text?: string } }[] };
    const texts = trace.traceEvents.map(({ args }) => args?.text ?? '');
    for (const name of NAMES)
      assert.ok(
        texts.some((text) => text.startsWith(`${name} in `)),
        name,
      );
    const exported = await fleet.output('history', 'export', id);
    for (const line of exported.trimEnd().split('\n')) JSON.parse(line);
    const [host] = await fleet.json('hosts');
    assert.deepEqual([host?.['host'], host?.['labels']], [HOST, LABELS]);
  });

  it('is a value in SQL, and in no name of a column', async () => {
    const rows = await fleet.json('query', `SELECT DISTINCT text FROM session_${id}`);
    const texts = rows.map(({ text }) => String(text));
    for (const name of NAMES)
      assert.ok(
        texts.some((text) => text.startsWith(`${name} in `)),
        name,
      );
    const columns = await fleet.json(
      'query',
      `SELECT name FROM system.columns WHERE table = 'session_${id}'`,
    );
    for (const { name } of columns) assert.match(String(name), /^[a-z_]\w*$/);
    const [tables] = await fleet.json(
      ...[
        'query',
        `SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name IN ('events', 'hosts')`,
      ],
    );
    assert.equal(Number(tables?.['n']), 2);
  });

  it('is data in the logs', () => {
    const logs = [fleet.coordinator.err, fleet.agent(HOST).err].join('').trimEnd().split('\n');
    assert.ok(logs.some((line) => line.includes('script>')));
    for (const line of logs) {
      JSON.parse(line);
      assert.doesNotMatch(line, ACTS);
    }
  });

  it('does not act on the terminal of a local run, where a program may draw', async () => {
    using process = startHostileProcess();
    const program = `tracepoint:syscalls:sys_enter_chdir /pid == $1/ {
      printf("\\033[1m%s in %s\\033[0m\\n", comm, str(args.filename)); @[comm] = count();
      @n++; if (@n == ${HOSTILE_CALLS}) { exit(); } }`;
    let started: Promise<void> | undefined;
    const said = await inTerminal(['local', '-e', program, String(process.pid)], {}, (soFar) => {
      if (soFar.includes('Attached')) started ??= process.run();
    });
    await started;
    assert.equal(said.split('\u001b[1m').length - 1, HOSTILE_CALLS);
    assert.match(said, /@\[\\x1b\[2J\\x1b\]0;x\\x07\]: 3/);
    assertHarmless(said.replaceAll('\u001b[1m', ''), 'local');
  });
});
