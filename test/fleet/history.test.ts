/** What a session leaves behind can be asked again: in part, ranked, over time, compared, exported, repeated, removed. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet, THREE_HOSTS } from '../support/test-fleet.ts';

const CALLS = 400;
/** Counts exactly: the last clear comes before the calls. */
const PROGRAM = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && pid == $1/ {
  @calls[comm] = count(); @h = hist(5); @stacks[kstack] = count();
  if (@seen < 3) { printf("%s %d\\n", comm, pid); @seen++; }
}
interval:ms:200 { @ticks["t"] = count(); print(@ticks); clear(@ticks); }`;

describe('the history of a fleet', { skip: notRoot(), timeout: 180_000 }, () => {
  let fleet: TestFleet;
  let folder: string;
  let id: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bpfleet-history-'));
    fleet = await TestFleet.start(THREE_HOSTS);
    const load = await startSyscallLoad(CALLS);
    id = await fleet.detached(['-e', PROGRAM, String(load.pid)]);
    await load.run();
    // Windows come to an end while it runs.
    await fleet.until('a few windows are stored', async () => {
      const answer = await fleet.json('query', windowsOf(id));
      return Number(answer[0]?.['windows']) >= 3;
    });
    const { exitCode: code, err } = await fleet.bpfleet('history', 'rm', '--yes', id);
    assert.equal(code, 1);
    assert.match(err, new RegExp(`session ${id} is running: "bpfleet stop ${id}" ends it`));
    await fleet.output('stop', id);
  });
  after(async () => {
    await fleet.close();
    await rm(folder, { recursive: true, force: true });
  });

  function windowsOf(session: string): string {
    return `SELECT max(window) AS windows FROM map_points WHERE session = '${session}' AND map = '@ticks'`;
  }

  it('is found by probe, host, text and time', async () => {
    for (const filter of [
      ['--probe', 't:syscalls:sys_enter_getppid'],
      ['--probe', 'interval:*'],
      ['--host', 'db-*', '--since', '10m'],
      ['--text', 'GETPPID', '--state', 'ended'],
    ]) {
      const [found] = await fleet.json('history', 'ls', ...filter);
      assert.equal(found?.['id'], id, filter.join(' '));
    }
    assert.deepEqual(await fleet.json('history', 'ls', '--until', '2020-01-01'), []);
    assert.deepEqual(await fleet.json('history', 'ls', '--probe', 'kprobe:*'), []);
  });

  it('is shown by the beginning of its id, host by host, and in windows', async () => {
    const short = id.slice(0, 6);
    const text = await fleet.output('history', 'show', short, '--by-host');
    for (const host of ['db-1', 'web-1', 'web-2']) {
      assert.ok(text.includes(`\n@calls[${host}, ${LOAD_NAME}]: ${CALLS}\n`), text);
    }
    const window = await fleet.output('history', 'show', short, '--window', '1');
    assert.match(window, /\n@ticks\[t\]: \d+\n/);
    const { exitCode: code, err } = await fleet.bpfleet(
      'history',
      'show',
      short,
      '--window',
      '999999',
    );
    assert.equal(code, 1);
    assert.match(err, /has nothing in window 999999: its maps have windows 0 to \d+\n$/);
  });

  it('is ranked, and what was cleared is whole', async () => {
    const [calls] = await fleet.json('history', 'top', id, '@calls');
    assert.deepEqual(calls?.['entries'], [{ key: LOAD_NAME, value: 3 * CALLS, hosts: 3 }]);
    const [ticks] = await fleet.json('history', 'top', id, '@ticks');
    const shown = await fleet.output('history', 'show', id);
    const printed = [...shown.matchAll(/^@ticks\[t\]: (\d+)$/gm)].map(([, n]) => Number(n));
    const sum = printed.reduce((all, n) => all + n, 0);
    assert.ok(sum > 0 && Number(ticks?.['sum']) >= sum, `${String(ticks?.['sum'])} of ${sum}`);
    const text = await fleet.output('history', 'top', id, '@calls', '--by', 'host');
    assert.match(
      text,
      new RegExp(`^@calls: 3 entries, count ${3 * CALLS} in all\\nHOST +COUNT +SHARE\\n`),
    );
  });

  it('has a heat map that comes to what was counted', async () => {
    const columns = await fleet.json('history', 'heatmap', id, '@h');
    const hits = columns.flatMap(({ buckets }) => buckets as [number, number][]);
    assert.equal(
      hits.reduce((all, [, n]) => all + n, 0),
      3 * CALLS,
    );
    const png = join(folder, 'h.png');
    await fleet.output('history', 'heatmap', id, '@h', '--png', png);
    assert.equal((await readFile(png)).subarray(1, 4).toString(), 'PNG');
  });

  it('has no outliers where all hosts saw the same', async () => {
    const text = await fleet.output('history', 'outliers', id, '@calls');
    assert.match(text, /^@calls: 0 of 3 hosts differ in their count\n/);
  });

  it('is exported', async () => {
    const lines = (await fleet.output('history', 'export', id, '--format', 'csv')).split('\r\n');
    assert.equal(lines[0], 'at,host,pid,tid,kind,probes,text,comm,pid_2');
    assert.ok(lines.some((line) => line.includes(`,${LOAD_NAME}`)));
    const trace = join(folder, 'trace.json');
    await fleet.output('history', 'export', id, '--format', 'perfetto', '-o', trace);
    const { traceEvents } = JSON.parse(await readFile(trace, 'utf8')) as {
      readonly traceEvents: readonly { readonly ph: string; readonly name: string }[];
    };
    const hosts = traceEvents.filter(({ name }) => name === 'process_name');
    assert.equal(hosts.length, 3);
    const folded = await fleet.output('history', 'export', id, '--format', 'folded');
    assert.match(folded, /^[^ ;]+(;[^;\n]+)+ \d+\n/);
    const counted = folded
      .trimEnd()
      .split('\n')
      .map((line) => Number(/ (\d+)$/.exec(line)?.[1]));
    assert.equal(
      counted.reduce((all, n) => all + n, 0),
      3 * CALLS,
    );
    assert.match(await fleet.output('history', 'export', id, '--format', 'flamegraph'), /^<svg /);
  });

  it('is run again, compared and removed', async () => {
    const again = await fleet.output('history', 'rerun', id, '--for', '1s', '--detach');
    const other = again.trim();
    await fleet.untilHosts(other, 'ended', 3);
    await fleet.until('it is in the history', async () => {
      const [session] = await fleet.json('history', 'ls', '-n', '1');
      return session?.['id'] === other && session['state'] === 'ended';
    });
    const text = await fleet.output('history', 'diff', id, other, '--map', '@calls');
    assert.match(text, new RegExp(`\\n${LOAD_NAME} +${3 * CALLS} +- +-${3 * CALLS} +gone`));
    assert.equal(await fleet.output('history', 'rm', other), `${other} removed\n`);
    const { err } = await fleet.bpfleet('history', 'show', other);
    assert.match(err, new RegExp(`no session ${other}: `));
    const rows = await fleet.json(
      'query',
      '--json',
      `SELECT count() AS n FROM events WHERE session = '${other}'`,
    );
    assert.equal(Number(rows[0]?.['n']), 0);
    const [action] = await fleet.json(
      'query',
      '--json',
      "SELECT session FROM audit WHERE action = 'remove'",
    );
    assert.equal(action?.['session'], other);
  });
});
