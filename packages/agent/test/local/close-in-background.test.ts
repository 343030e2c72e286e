import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const CLOSER = `
  import { openSync } from 'node:fs';
  import { Fd, openKernel } from '@bpfleet/bpf';
  import { closeInBackground } from '${import.meta.resolve('../../src/local/close-in-background.ts')}';
  const calls = openKernel();
  const events = Array.from({ length: 9 }, () => new Fd(openSync(process.argv[1], 'w'), calls, 'event'));
  closeInBackground(events);
  console.log(events.some((event) => event.isOpen));
  process.stdin.resume();
`;

test('a process of its own holds the descriptors, until the one that had them ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-'));
  const pipe = join(folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const options = ['--import', 'tsx', '--conditions=source', '--input-type=module'];
  const closer = spawn(process.execPath, [...options, '--eval', CLOSER, pipe], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const reader = createReadStream(pipe);
    let isOver = false;
    const over = once(reader, 'end').then(() => {
      isOver = true;
    });
    reader.resume();
    const [printed] = (await once(closer.stdout, 'data')) as [Buffer];
    assert.equal(printed.toString(), 'false\n');
    assert.equal(isOver, false);
    closer.stdin.end();
    await over;
  } finally {
    closer.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
