import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TracedCommand } from '../../src/local/traced-command.ts';

const PATH = process.env['PATH'] ?? '';

test('holds the program before its first instruction until it is let go, under one pid', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'bpfleet-test-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'touched');
  const command = await TracedCommand.start(`touch ${file}`, PATH);
  assert.equal(existsSync(file), false);
  assert.match(readFileSync(`/proc/${command.pid}/stat`, 'utf8'), /^\d+ \(sh\) T /);
  command.resume();
  await command.ended;
  assert.equal(existsSync(file), true);
});

test('refuses a program that does not exist', async () => {
  await assert.rejects(TracedCommand.start('no-such-program-here', PATH), {
    message: "run 'no-such-program-here': no such program, or it may not be executed",
  });
});

test('ends a program that was never let go', async () => {
  const command = await TracedCommand.start('sleep 1000', PATH);
  command.kill();
  await command.ended;
  assert.equal(existsSync(`/proc/${command.pid}`), false);
});
