import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { processState } from '../../src/runner/process-state.ts';

test('tells a stopped process from one that sleeps and one that is gone', async () => {
  const child = spawn('sleep', ['60']);
  const exited = once(child, 'exit');
  const pid = child.pid ?? -1;
  const until = (state: string): void => {
    while (processState(pid) !== state);
  };
  until('waiting');
  child.kill('SIGSTOP');
  until('stopped');
  child.kill('SIGKILL');
  await exited;
  assert.equal(processState(pid), 'gone');
});
