/** `bpfleet up`: a fleet of one host that starts, answers, and is gone after Ctrl-C. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { descendants } from '../support/bpf-programs.ts';
import { freePort } from '../support/nats-server.ts';
import { notRoot } from '../support/needs-kernel.ts';

/** Processes whose parent was killed are somebody else's children, and may stay as zombies: those do not run. */
async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await new Promise((resolve) => setImmediate(resolve));
}

function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

const skip = notRoot();
let store = '';

before(async () => {
  store = await mkdtemp(join(tmpdir(), 'bpfleet-up-'));
});

after(async () => {
  await rm(store, { recursive: true, force: true });
});

test(
  'up starts everything, runs a program, and ends all of it at an interrupt',
  { skip },
  async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const token = { BPFLEET_TOKEN: 'known to its user' };
    const up = new BpfleetProcess(
      [
        ...['up', '--store', store, '--listen', `127.0.0.1:${port}`],
        ...['--nats-port', String(await freePort()), '--host', 'alone', '-l', 'role=test'],
      ],
      token,
    );
    await up.printed(/Ctrl-C ends all of it/);
    const children = descendants(up.pid);
    assert.ok(children.length >= 3, 'nats-server, coordinator and agent');

    const stranger = await new BpfleetProcess(['hosts', '--url', url]).finished();
    assert.match(stranger.err, /a token is needed/);
    const hosts = await new BpfleetProcess(['hosts', '--url', url, '--json'], token).finished();
    assert.match(hosts.out, /^\{"host":"alone","labels":\{"role":"test"\}/);
    const run = await new BpfleetProcess(
      ['run', '--url', url, '-e', 'BEGIN { printf("hi\\n"); exit(3); }'],
      token,
    ).finished();
    assert.match(run.out, /^alone {2}hi\nhosts 1\/1 /);
    assert.equal(run.exitCode, 3);

    const { exitCode } = await up.kill('SIGINT');
    assert.equal(exitCode, 0);
    assert.deepEqual(
      children.filter((pid) => existsSync(`/proc/${pid}`)),
      [],
    );
  },
);

test('nothing stays when up itself is killed', { skip }, async () => {
  const up = new BpfleetProcess([
    ...['up', '--store', store, '--listen', `127.0.0.1:${await freePort()}`],
    ...['--nats-port', String(await freePort())],
  ]);
  await up.printed(/Ctrl-C ends all of it/);
  const children = descendants(up.pid);
  assert.ok(children.length >= 3, 'nats-server, coordinator and agent');
  await up.kill('SIGKILL');
  await untilGone(children);
});

test('up says how to install nats-server where there is none', async () => {
  const up = new BpfleetProcess(
    ['up', '--store', store, '--listen', `127.0.0.1:${await freePort()}`],
    { PATH: '/nonexistent' },
  );
  const { err, exitCode } = await up.finished();
  assert.match(err, /apt-get install .*nats-server/);
  assert.equal(exitCode, 1);
});
