/** Stores that a coordinator cannot use: it says why, and nothing of the history is lost. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Session } from 'chdb';
import { CoordinatorChild } from '../support/coordinator-child.ts';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { COUNT_SCHEMA, countFrame, printfFrame } from '../support/schemas.ts';
import { startTestCoordinator } from '../support/test-coordinator.ts';

const PROGRAM = 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }';
const ROUNDS = 20;
const LINES = 50;
const BOOT_NS = 1_700_000_000_000_000_000n;

describe('a store that a coordinator cannot use', { concurrency: false, timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-store-'));
  const disk = mkdtempSync(join(tmpdir(), 'bpfleet-disk-'));
  let nats: NatsServer;

  before(async () => {
    nats = await startNatsServer();
  });
  after(async () => {
    await nats.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(disk, { recursive: true, force: true });
  });

  async function refusal(path: string): Promise<string> {
    try {
      const coordinator = await startTestCoordinator(nats.url, { path });
      await coordinator[Symbol.asyncDispose]();
    } catch (error) {
      return String(error);
    }
    return 'it was opened';
  }

  it('is in use by another process, which goes on', async () => {
    const path = join(folder, 'used');
    const other = await CoordinatorChild.start(nats.url, path);
    try {
      assert.match(
        await refusal(path),
        /^StoreError: open store .*\/used: process \d+ uses it, and only one can; /,
      );
      assert.deepEqual((await other.api.query('SELECT 1')).rows, [[1]]);
    } finally {
      await other.kill();
    }
    assert.equal(await refusal(path), 'it was opened');
  });

  it('is from a newer version, and is left as it is', async () => {
    const path = join(folder, 'newer');
    assert.equal(await refusal(path), 'it was opened');
    const engine = new Session(path);
    engine.query("INSERT INTO migrations (number, name) VALUES (1000, 'of the future')");
    engine.query('ALTER TABLE events ADD COLUMN of_the_future String');
    engine.close();
    assert.match(
      await refusal(path),
      /^StoreError: open store .*\/newer: it was written by a newer version of bpfleet \(its tables are at change 1000, this version knows \d+\)/,
    );
  });

  it('is no folder', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    assert.match(await refusal(path), /^StoreError: open store .*\/file: File exists$/);
    assert.match(await refusal(join(path, 'in')), /\/file\/in: Not a directory$/);
  });

  it('cannot be written', { skip: notRoot() }, async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'bpfleet', disk]);
    try {
      assert.match(await refusal(disk), /^StoreError: open store .*: Read-only file system$/);
      assert.match(await refusal(join(disk, 'in')), /\/in: Read-only file system$/);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('has a full disk at the start', { skip: notRoot() }, async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'bpfleet', disk]);
    try {
      assert.match(
        await refusal(join(disk, 'store')),
        /^StoreError: open store .*: change 1 of its tables \(sessions\): .*not enough space/,
      );
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('has a full disk for a while, and then every row once', { skip: notRoot() }, async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'bpfleet', disk]);
    const coordinator = await startTestCoordinator(nats.url, { path: join(disk, 'store') });
    const agent = await FakeAgent.start({ url: nats.url, host: 'web-1', schema: COUNT_SCHEMA });
    try {
      await coordinator.api.untilHosts(1);
      const { id } = await coordinator.api.start({ program: PROGRAM });
      await agent.asked(id, 'run');
      const filler = fillUp();
      for (let round = 0; round < ROUNDS; round++) {
        const nsecs = BigInt(round) * 1_000_000_000n + 500_000_000n;
        const lines = Array.from({ length: LINES }, (_, n) => ({ n, nsecs }));
        await agent.send(id, printfFrame(lines), { bootToUnixNs: BOOT_NS });
        const counts = countFrame({ cat: round + 1 }, 0, nsecs);
        await agent.send(id, counts, { bootToUnixNs: BOOT_NS });
      }
      await until(async () => {
        const { coverage } = await coordinator.api.session(id);
        return /not enough space|No space left/.test(coverage.unstored?.reason ?? '');
      });
      await agent.end(id, 'exit');
      const live = await coordinator.api.result(id);
      assert.equal(live.session.state, 'ended');
      rmSync(filler);
      await until(async () => {
        const { coverage } = await coordinator.api.session(id);
        return coverage.unstored === undefined;
      });
      const { rows } = await coordinator.api.query(
        `SELECT count(), uniqExact(sequence, index_in_frame),
           (SELECT count() FROM map_points_1s FINAL WHERE session = '${id}')
         FROM events WHERE session = '${id}'`,
      );
      const lines = String(ROUNDS * LINES);
      assert.deepEqual(rows, [[lines, lines, String(ROUNDS)]]);
    } finally {
      await agent.kill();
      await coordinator[Symbol.asyncDispose]();
      execFileSync('umount', [disk]);
    }
  });

  function fillUp(): string {
    const filler = join(disk, 'filler');
    const { bavail, bsize } = statfsSync(disk);
    try {
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    } catch (error) {
      // The store has taken some of it meanwhile: it is full, and that is what is wanted.
      assert.match(String(error), /ENOSPC/);
    }
    return filler;
  }
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
