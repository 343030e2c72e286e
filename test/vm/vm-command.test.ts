/** What `npm run vm` takes, and what it says of anything else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVmCommand } from './vm-command.ts';

test('a kernel and the words of a shell command', () => {
  assert.deepEqual(parseVmCommand(['6.12', 'uname', '-a']), {
    kind: 'run',
    kernel: '6.12',
    command: 'uname -a',
  });
  assert.deepEqual(parseVmCommand(['./vmlinuz', 'cd /tmp && ls']), {
    kind: 'run',
    kernel: './vmlinuz',
    command: 'cd /tmp && ls',
  });
  for (const word of ['--help', '-h']) assert.deepEqual(parseVmCommand([word]), { kind: 'help' });
});

test('what is missing or makes no sense is told', () => {
  const message = (words: readonly string[]): string => {
    try {
      parseVmCommand(words);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  assert.match(message([]), /^vm: say which kernel, and a command\n[^]*npm run vm -- KERNEL/);
  assert.equal(message(['6.12']), 'vm: say what to run on 6.12');
  assert.equal(
    message(['vmlinuz', 'true']),
    'vm: vmlinuz is neither a series such as 6.12 nor a path with a slash',
  );
});
