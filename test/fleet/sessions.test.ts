import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet, THREE_HOSTS } from '../support/test-fleet.ts';

const CALLS = 500;
const COUNT = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && pid == $1/ { @[comm] = count(); }`;

describe('sessions on a fleet', { skip: notRoot(), timeout: 180_000 }, () => {
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start(THREE_HOSTS);
  });
  after(async () => fleet.close());

  it('lists the hosts, all or by label', async () => {
    const text = await fleet.output('hosts');
    assert.match(text, /^HOST +STATE +KERNEL +ARCH +LABELS /);
    assert.match(
      text,
      /^db-1 +live +\S+ +(x86_64|arm64) +role=db +[+-][\d.]+ms ±[\d.]+ms +0 +- +\ds ago$/m,
    );
    assert.equal(text.trimEnd().split('\n').length, 4);
    const web = await fleet.json('hosts', '-l', 'role=web');
    assert.deepEqual(
      web.map(({ host, state, labels }) => [host, state, labels]),
      [
        ['web-1', 'live', { role: 'web' }],
        ['web-2', 'live', { role: 'web' }],
      ],
    );
  });

  it('runs detached, is listed, is followed, is stopped and stays in the history', async () => {
    const load = await startSyscallLoad(CALLS);
    const id = await fleet.detached(['-e', COUNT, String(load.pid)]);
    assert.match(await fleet.output('sessions'), new RegExp(`^${id} +running +3/3 `, 'm'));
    const [listed] = await fleet.json('sessions');
    assert.deepEqual([listed?.['id'], listed?.['state']], [id, 'running']);
    const attached = fleet.start('attach', id);
    await attached.printed(/^session /m);
    await load.run();
    const result = new RegExp(`^hosts 3/3 [^]*\\n\\n\\n@\\[${LOAD_NAME}\\]: ${3 * CALLS}\\n$`);
    assert.match(await fleet.output('stop', id), result);
    assert.match((await attached.finished()).out, result);
    assert.match(await fleet.output('attach', id), result);
    assert.match(await fleet.output('history', 'show', id), result);
    assert.deepEqual(await fleet.json('sessions'), []);
    assert.match(await fleet.output('history', 'ls'), new RegExp(`^${id} +ended +3/3 `, 'm'));
    const [newest] = await fleet.json('history', 'ls', '-n', '1');
    assert.deepEqual([newest?.['id'], newest?.['state']], [id, 'ended']);
    const table = await fleet.output(
      'query',
      `SELECT key, count FROM maps_merged WHERE session = '${id}'`,
    );
    assert.match(table, new RegExp(`^key +count\\n${LOAD_NAME} +${3 * CALLS}\\n$`));
  });

  it('keeps the hosts apart with --by-host', async () => {
    const load = await startSyscallLoad(CALLS);
    const { command } = await fleet.run(['--by-host', '-e', COUNT, String(load.pid)]);
    await load.run();
    const { out } = await command.kill('SIGINT');
    const lines = ['db-1', 'web-1', 'web-2'].map((host) => `@[${host}, ${LOAD_NAME}]: ${CALLS}\n`);
    assert.ok(out.endsWith(`\n\n${lines.join('')}`), out);
  });

  it('tells programs the host that they run on, and its labels', async () => {
    const load = await startSyscallLoad(CALLS);
    const keys = '@[host] = count(); @role[label("role"), label("rack")] = count();';
    const filter = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && pid == $1/`;
    const { id, command } = await fleet.run(['-e', `${filter} { ${keys} }`, String(load.pid)]);
    await load.run();
    const { out } = await command.kill('SIGINT');
    const hosts = ['db-1', 'web-1', 'web-2'].map((host) => `@[${host}]: ${CALLS}\n`).join('');
    const roles = `@role[db, ]: ${CALLS}\n@role[web, ]: ${2 * CALLS}\n`;
    assert.ok(out.endsWith(`${hosts}${roles}`), out);
    assert.ok((await fleet.output('history', 'show', id)).endsWith(`${hosts}${roles}`));
  });

  it('keeps bytes that are no UTF-8, and shows them where nothing but text is taken', async () => {
    const program = String.raw`begin { printf("caf\xe9\n"); @["\xe9"] = "\xff"; exit(); }`;
    const lines = await fleet.json('run', '--host', 'db-1', '-e', program);
    const item = lines.find(({ type }) => type === 'printf');
    const map = lines.find(({ type }) => type === 'map');
    assert.equal(item?.['data'], 'caf\\xe9\n');
    assert.deepEqual(map?.['data'], { '@': { [String.raw`db-1,\xe9`]: String.raw`\xff` } });
    const [newest] = await fleet.json('history', 'ls', '-n', '1');
    const id = String(newest?.['id']);
    const stored = await fleet.output('history', 'show', id);
    assert.match(stored, /^db-1 +caf\\xe9$/m);
    // As this test reads it, a byte that is no UTF-8 is U+FFFD: it came as itself.
    assert.match(stored, /^@\[db-1, \ufffd\]: \ufffd$/m);
    const select = `SELECT DISTINCT text FROM events WHERE session = '${id}'`;
    assert.match(await fleet.output('query', select), /caf\\xe9/);
  });

  it('refuses what would leave files on the hosts', async () => {
    const call = 'skboutput("f.pcap", args.skb, 1, 0)';
    const { err, exitCode } = await fleet.bpfleet(
      ...['run', '-e', `rawtracepoint:consume_skb { @[${call}] = count(); }`],
    );
    assert.notEqual(exitCode, 0);
    assert.match(err, /ERROR: skboutput\(\) leaves a file on the traced host/);
  });

  it('runs where labels and names say', async () => {
    const program = 'BEGIN { printf("here\\n"); exit(); }';
    for (const [argv, hosts] of [
      [
        ['-l', 'role=web'],
        ['web-1', 'web-2'],
      ],
      [['--host', 'db-1'], ['db-1']],
      [
        ['--host', 'db-1', '--host', 'web-2'],
        ['db-1', 'web-2'],
      ],
      [['--host', 'db-1,web-2', '-l', 'role=web'], ['web-2']],
    ] as const) {
      const out = await fleet.output('run', ...argv, '-e', program);
      const printed = [...out.matchAll(/^(\S+) +here$/gm)].map(([, host]) => host);
      assert.deepEqual(printed.toSorted(), hosts);
      assert.match(out, new RegExp(`^hosts ${hosts.length}/${hosts.length} `, 'm'));
    }
  });

  it('prints lines of all hosts in order of time, with a host column', async () => {
    const program =
      'interval:ms:200 { printf("%llu tick\\n", nsecs); @n++; if (@n == 5) { exit(); } }';
    const { id, command } = await fleet.run(['-e', program]);
    const { out } = await command.finished();
    const shown = linesOf(out);
    for (const host of Object.keys(THREE_HOSTS)) {
      assert.equal(shown.filter((line) => line.host === host).length, 5);
    }
    // One kernel, one boot clock: the order of the events is known. A live line that comes too late is shown late.
    const stored = linesOf(await fleet.output('history', 'show', id));
    assert.deepEqual(stored, shown.toSorted(byTime));
    const [, column] = /^(\S+ +)\d+ tick$/m.exec(out) ?? [];
    assert.equal(column?.length, 'web-1  '.length);
  });

  it('prints one merged map for each tick', async () => {
    const program =
      'interval:s:1 { @ = count(); @all = count(); @n++; print(@); clear(@); if (@n == 3) { exit(); } }';
    const out = await fleet.output('run', '-e', program);
    const before = out.slice(0, out.indexOf('hosts 3/3'));
    const shown = [...before.matchAll(/^@: (\d+)$/gm)].map(([, count]) => Number(count));
    const sum = shown.reduce((total, count) => total + count, 0);
    // A map is read when its print is: what a host that was held up for a second counted is in another tick, or late.
    assert.ok(shown.length > 0 && shown.length <= 3, before);
    if (/^late: .* window; /m.test(out)) assert.ok(sum < 9, out);
    else assert.equal(sum, 9, out);
    assert.match(out, /^@all: 9$/m);
  });

  it('prints JSON, one object a line', async () => {
    const program = 'BEGIN { printf("hi %d\\n", 7); @ = count(); @h = hist(4); exit(); }';
    const items = await fleet.json('run', '-l', 'role=db', '-e', program);
    assert.deepEqual(items.slice(0, -1), [
      { type: 'printf', data: 'hi 7\n', host: 'db-1' },
      { type: 'map', data: { '@': 1 }, reporting: [1, 1] },
      { type: 'hist', data: { '@h': [{ min: 4, max: 7, count: 1 }] }, reporting: [1, 1] },
    ]);
    const { type, partial, session } = items.at(-1) ?? {};
    assert.deepEqual([type, partial], ['result', false]);
    const { coverage } = session as { readonly coverage: Record<string, unknown> };
    assert.equal((coverage['hosts'] as readonly unknown[]).length, 1);
    assert.deepEqual(coverage['buckets'], { '@h': { kind: 'hist', bits: 0 } });
    const [detached] = await fleet.json('run', '--detach', '--for', '1s', '-e', 'BEGIN { }');
    assert.equal(typeof detached?.['id'], 'string');
  });

  it('ends after its time, and with the exit code of the program', async () => {
    const timed = await fleet.bpfleet('run', '--for', '1s', '-e', 'interval:s:100 { }');
    assert.equal(timed.exitCode, 0);
    assert.match(timed.out, /^hosts 3\/3 /m);
    const { exitCode, err } = await fleet.bpfleet('run', '-e', 'BEGIN { exit(3); }');
    assert.equal(exitCode, 3, err);
  });

  it('takes in a host that comes later, and says so', async () => {
    const load = await startSyscallLoad(CALLS);
    const { id, command } = await fleet.run(['-e', COUNT, String(load.pid)]);
    await fleet.addAgent('late-1', { labels: { role: 'web' } });
    await fleet.untilHosts(id, 'attached', 4);
    await load.run();
    const { out } = await command.kill('SIGINT');
    assert.match(out, /^hosts 4\/4 /m);
    assert.match(out, /^late: late-1$/m);
    assert.match(out, new RegExp(`^@\\[${LOAD_NAME}\\]: ${4 * CALLS}$`, 'm'));
    await fleet.removeAgent('late-1', 'SIGTERM');
  });

  it('runs several sessions side by side, each for itself', async () => {
    const loads = await Promise.all([startSyscallLoad(100), startSyscallLoad(200)]);
    const hosts = ['--host', 'db-1,web-1'];
    const ids = await Promise.all(
      loads.map((load) => fleet.detached([...hosts, '-e', COUNT, String(load.pid)], 2)),
    );
    for (const load of loads) await load.run();
    const [first = '', second = ''] = ids;
    assert.match(await fleet.output('stop', second), new RegExp(`]: ${2 * 200}\n$`));
    assert.match(await fleet.output('stop', first), new RegExp(`]: ${2 * 100}\n$`));
    await fleet.untilNothingHeld();
  });
});

interface Line {
  readonly host: string;
  readonly nsecs: number;
}

function linesOf(out: string): readonly Line[] {
  return [...out.matchAll(/^(\S+) +(\d+) tick$/gm)].map(([, host = '', nsecs]) => ({
    host,
    nsecs: Number(nsecs),
  }));
}

function byTime(a: Line, b: Line): number {
  return a.nsecs - b.nsecs;
}
