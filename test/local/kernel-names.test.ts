/** Names of kernel addresses. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const PROGRAM =
  'tracepoint:syscalls:sys_enter_exit_group /comm == "true"/ { @perf[kstack(perf, 2)] = count(); @raw[kstack(raw, 1)] = count(); @[kstack(1)] = count(); }';
const paranoid = readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8');

suite('names of kernel addresses', { skip: notRoot() }, () => {
  test('are those of the kernel, in all modes of stacks', async () => {
    const { out, err } = await local(['-v', '-c', '/bin/true', '-e', PROGRAM]);
    assert.match(out, /^@perf\[\n(?:\t[0-9a-f]{16} \w+\+\d+\n){2}\]: 1$/m);
    assert.match(out, /^@\[\n {8}\w+\+\d+\n\]: 1$/m);
    assert.match(out, /^@raw\[\n[0-9a-f]{16}\n\]: 1$/m);
    assert.doesNotMatch(out + err, /kernel addresses have no names/);
  });

  test(
    'are addresses where the kernel hides them, which -v says',
    { skip: Number(paranoid) > 1 ? false : 'the kernel shows them to everybody' },
    async () => {
      const { out, err } = await local(
        ['-v', '-c', '/bin/true', '-e', PROGRAM],
        {},
        { wrapper: ['setpriv', '--bounding-set=-syslog', '--inh-caps=-syslog'] },
      );
      assert.match(out, /^@\[\n {8}0x[0-9a-f]{16}\n\]: 1$/m);
      assert.match(out + err, /kernel addresses have no names: the kernel hides them/);
    },
  );
});
