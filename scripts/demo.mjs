/** One one-liner on three hosts, stored and queried: everything a user does, on this machine, and nothing left behind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allPids, bpfProgramIds } from './demo/bpf-programs.mjs';
import { leftovers, markedPids, start, stopAll, untilPrinted } from './demo/children.mjs';
import { bpfleet, bpfleetOnTerminal, CLI } from './demo/command.mjs';
import { findCommand, requirePackages, requireTracefs } from './system-packages.mjs';

const HOSTS = { 'web-1': 'role=web', 'web-2': 'role=web', 'db-1': 'role=db' };
const PROGRAM = `
tracepoint:syscalls:sys_enter_read { @start[tid] = nsecs; }
tracepoint:syscalls:sys_exit_read /@start[tid]/ {
  @ns[comm] = hist(nsecs - @start[tid]); delete(@start[tid]);
}`;
/** Prints where a read begins and where it ends. */
const TRACED = `
tracepoint:syscalls:sys_enter_read /comm == "cat"/ { printf("reads %d of %d\\n", args.count, args.fd); }
tracepoint:syscalls:sys_exit_read /comm == "cat"/ { printf("got %d\\n", args.ret); }`;
const SPAN =
  'read: enter=tracepoint:syscalls:sys_enter_read exit=tracepoint:syscalls:sys_exit_read by tid';
/** Of a timeline, for a terminal. */
const SHOWN_LINES = 12;
/** Reads files until it is told to end, and at the latest after two minutes. */
const LOAD = `end=$(($(date +%s) + 120))
while [ $(date +%s) -lt $end ]; do
  cat "$0" >/dev/null; dd if="$0" of=/dev/null bs=4k 2>/dev/null; sleep 0.02
done`;
const START_TIMEOUT_MS = 30_000;

/** Two programs on each of three hosts. */
const PROGRAMS = 6;

let step = 'begin';
/** Ids of the BPF programs that the demo's runners were seen to hold. @type {Set<string>} */
const loaded = new Set();

/** @param {string} name */
function begin(name) {
  step = name;
  console.log(`\n== ${name}`);
}

/** @param {unknown} condition @param {string} message */
function expect(condition, message) {
  if (!condition) throw new Error(message);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

/** @param {string} url */
async function untilAllLive(url) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const hosts = (await bpfleet('hosts', '--url', url, '--json')).trim().split('\n');
    if (hosts.filter((line) => line.includes('"state":"live"')).length === 3) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('three agents did not join in time');
}

/** What is printed after the events: the lines of the last `@ns[…]` blocks. @param {string} output */
function histogramOf(output) {
  const coverage = output.lastIndexOf('hosts 3/3 ');
  const from = output.indexOf('@ns[', coverage);
  return coverage < 0 || from < 0 ? '' : output.slice(from).trimEnd();
}

/** @param {string} histogram */
function totalOf(histogram) {
  return [...histogram.matchAll(/^[[(].*?[)\]]\s+(\d+) \|/gm)].reduce(
    (sum, row) => sum + Number(row[1]),
    0,
  );
}

/** @param {string} folder */
async function demo(folder) {
  begin('find what is missing');
  expect(process.getuid?.() === 0, 'tracing needs root');
  requirePackages(['nats-server']);
  expect(requireTracefs(), 'tracefs is not mounted');

  begin('start nats-server, a coordinator and three agents');
  const natsPort = String(await freePort());
  const nats = `nats://127.0.0.1:${natsPort}`;
  const server = start('nats-server', findCommand('nats-server') ?? 'nats-server', [
    ...['--jetstream', '--store_dir', join(folder, 'nats')],
    ...['--addr', '127.0.0.1', '--port', natsPort],
  ]);
  await untilPrinted(server, /Server is ready/, START_TIMEOUT_MS);
  const coordinator = start('coordinator', process.execPath, [
    ...[CLI, 'coordinator', '--nats', nats, '--listen', '127.0.0.1:0'],
    ...['--store', join(folder, 'clickhouse')],
  ]);
  const [url] = await untilPrinted(coordinator, /^http:\S+$/m, START_TIMEOUT_MS);
  for (const [host, label] of Object.entries(HOSTS)) {
    start(host, process.execPath, [CLI, 'agent', '--nats', nats, '--host', host, '-l', label]);
  }
  await untilAllLive(url);
  console.log((await bpfleet('hosts', '--url', url)).trimEnd());

  begin('start a load of file reads');
  const file = join(folder, 'data');
  writeFileSync(file, Buffer.alloc(1 << 20, 'bpfleet '));
  start('load', 'sh', ['-c', LOAD, file]);

  begin('bpfleet run: read latency by command on three hosts, five seconds');
  const watch = setInterval(() => {
    for (const one of bpfProgramIds(markedPids())) loaded.add(one);
  }, 500);
  const printed = await bpfleetOnTerminal(
    'run',
    '--url',
    url,
    '--for',
    '5s',
    '-e',
    PROGRAM,
  ).finally(() => clearInterval(watch));
  expect(loaded.size === PROGRAMS, `${loaded.size} BPF programs were loaded, not ${PROGRAMS}`);
  const histogram = histogramOf(printed);
  const [, id = ''] = /^session (\S+): /m.exec(printed) ?? [];
  expect(id !== '', 'run did not say its session id');
  expect(/hosts 3\/3 .*lost: ring buffer \d+/.test(printed), 'no line with hosts 3/3 and losses');
  expect(totalOf(histogram) > 0, 'the histogram is empty');
  expect(/^@ns\[(cat|dd)\]:/m.test(histogram), 'the histogram lacks the load');
  expect(
    printed.split('@ns[').length > histogram.split('@ns[').length,
    'no live result was shown before the end',
  );

  begin(`bpfleet history show ${id}`);
  const stored = await bpfleet('history', 'show', id, '--url', url);
  console.log(stored.trimEnd());
  expect(histogramOf(stored) === histogram, 'the stored histogram differs from the live one');

  begin('bpfleet query: reads by command');
  const sql = `SELECT key AS command, arraySum(mapValues(buckets)) AS reads, hosts
    FROM maps_merged WHERE session = '${id}' AND map = '@ns' ORDER BY reads DESC`;
  console.log((await bpfleet('query', sql, '--url', url)).trimEnd());
  const rows = (await bpfleet('query', sql, '--json', '--url', url)).trim().split('\n');
  const reads = rows.reduce((sum, row) => sum + Number(JSON.parse(row).reads), 0);
  expect(reads === totalOf(histogram), `SQL counts ${reads}, the histogram ${totalOf(histogram)}`);
  await secondAct(url);
}

/** Single reads, as spans, and one thread of them in order. @param {string} url */
async function secondAct(url) {
  begin('bpfleet run --span: every read of cat on one host, two seconds');
  const traced = await bpfleet(
    ...['run', '--url', url, '--host', 'web-1', '--for', '2s', '--span', SPAN, '-e', TRACED],
  );
  const lines = traced.trimEnd().split('\n');
  const spans = lines.filter((line) => line.startsWith('web-1  span read '));
  console.log(
    [...spans.slice(0, 3), '…', ...lines.slice(lines.indexOf(coverageIn(lines)))].join('\n'),
  );
  expect(spans.length > 0, 'no read was seen as a span');
  const [, counted = ''] = /^spans read: ([\d,]+)/m.exec(traced) ?? [];
  expect(
    Number(counted.replaceAll(',', '')) === spans.length,
    `${spans.length} spans were printed, ${counted} counted`,
  );

  const [newest = ''] = (await bpfleet('history', 'ls', '--json', '-n', '1', '--url', url)).split(
    '\n',
  );
  const { id } = JSON.parse(newest);
  const sql = `SELECT tid, count() AS spans FROM spans FINAL WHERE session = '${id}'
    GROUP BY tid ORDER BY spans DESC, tid LIMIT 1`;
  const row = JSON.parse(await bpfleet('query', sql, '--json', '--url', url));
  begin(`bpfleet timeline ${id} --tid ${row.tid}: one thread, its reads and the gaps between them`);
  const thread = await bpfleet('timeline', id, '--tid', String(row.tid), '--url', url);
  const events = thread.trimEnd().split('\n');
  console.log([...events.slice(0, SHOWN_LINES), '…', ...events.slice(-2)].join('\n'));
  const found = events.filter((line) => line.includes('  span read ')).length;
  expect(found === Number(row.spans), `the timeline has ${found} spans, the store ${row.spans}`);
}

/** The line that the result begins with. @param {readonly string[]} lines */
function coverageIn(lines) {
  return lines.find((line) => line.startsWith('hosts 1/1 · lost')) ?? '';
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-demo-'));
  endOnSignals(folder);
  let fault;
  try {
    await demo(folder);
  } catch (error) {
    fault = `demo: failed at "${step}": ${error instanceof Error ? error.message : String(error)}`;
  }
  console.log('\n== stop everything');
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
  const processes = leftovers();
  const programs = [...bpfProgramIds(allPids())].filter((id) => loaded.has(id));
  if (processes.length > 0) fault ??= `demo: left processes behind:\n${processes.join('\n')}`;
  if (programs.length > 0) fault ??= `demo: left BPF programs behind: ${programs.join(' ')}`;
  console.log(fault ?? 'demo: ok');
  process.exit(fault === undefined ? 0 : 1);
}

/** @param {string} folder */
function endOnSignals(folder) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      console.log(`\ndemo: ${signal} at "${step}"`);
      void stopAll().then(() => {
        rmSync(folder, { recursive: true, force: true });
        process.exit(1);
      });
    });
  }
}

await main();
