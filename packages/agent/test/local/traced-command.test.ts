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
  assert.equal(command.outcome, undefined);
  command.resume();
  await command.ended;
  assert.equal(existsSync(file), true);
  assert.equal(command.outcome, 'Child exited with code: 0');
});

test('refuses a program that does not exist', async () => {
  await assert.rejects(TracedCommand.start('no-such-program-here', PATH), {
    message:
      "Failed to fork child: Path 'no-such-program-here' does not exist or is not executable (No such file or directory)",
  });
  await assert.rejects(TracedCommand.start(' ', PATH), { message: /Empty command/ });
});

test('ends a program that was never let go', async () => {
  const command = await TracedCommand.start('sleep 1000', PATH);
  command.kill();
  await command.ended;
  assert.equal(command.outcome, 'Child terminated by signal: 15');
  assert.equal(existsSync(`/proc/${command.pid}`), false);
});
