/** JetStream's disk is full for a while: hosts go on counting, and what they could not send comes when there is room. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startThreeLoads } from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const CALLS = 3_000;
const HOSTS = 2;
const PROGRAM = `tracepoint:syscalls:sys_enter_getppid
  /comm == "${LOAD_NAME}" && (pid == $1 || pid == $2 || pid == $3)/
  { @ = count(); printf("call\\n"); }`;

describe('a disk of JetStream that is full', { skip: notRoot(), timeout: 180_000 }, () => {
  const disk = mkdtempSync(join(tmpdir(), 'bpfleet-disk-'));
  const filler = join(disk, 'filler');
  let fleet: TestFleet;

  before(async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'bpfleet', disk]);
    fleet = await TestFleet.start({ one: {}, two: {} }, { nats: { directory: disk } });
  });
  after(async () => {
    await fleet.close();
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('is named while it lasts, and costs nothing that hosts had room for', async () => {
    const [before, during, afterwards] = await startThreeLoads(CALLS);
    const pids = [before, during, afterwards].map(({ pid }) => String(pid));
    const id = await fleet.detached(['-e', PROGRAM, ...pids]);
    await before.run();
    fillUp();
    await during.run();
    await fleet.until('both hosts say that they are held up', async () => {
      const { coverage } = await fleet.api.session(id);
      return coverage.hosts.every(({ heldUp = '' }) => heldUp.startsWith('JetStream '));
    });
    rmSync(filler);
    await fleet.nats.stop();
    await fleet.nats.start();
    await afterwards.run();
    const out = await fleet.output('stop', id);
    const calls = 3 * HOSTS * CALLS;
    assert.match(out, /^hosts 2\/2 · lost: .*, agent queue 0, broker 0, /m);
    assert.doesNotMatch(out, /^held up/m);
    assert.match(out, new RegExp(`^@: ${calls}$`, 'm'));
    assert.match(await fleet.output('history', 'show', id), new RegExp(`^@: ${calls}$`, 'm'));
    const { rows } = await fleet.api.query(
      `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame)
       FROM events WHERE session = '${id}' AND kind = 'printf'`,
    );
    assert.deepEqual(rows, [[String(calls), String(calls)]]);
  });

  function fillUp(): void {
    const { bavail, bsize } = statfsSync(disk);
    try {
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    } catch (error) {
      // JetStream has taken some of it meanwhile: it is full, and that is what is wanted.
      assert.match(String(error), /ENOSPC/);
    }
  }
});
