/** CPUs that go offline and come back while they are traced. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { local } from './trace-local.ts';

const CPU1 = '/sys/devices/system/cpu/cpu1/online';

/** Nobody wants a CPU of the machine that is at work to go: a VM of ours has its command there. */
const notOurs =
  existsSync('/run/command') && existsSync(CPU1) ? false : 'takes CPUs offline, in VMs only';

/** Some time in which both CPUs, or one, are traced. */
const WHILE_MS = 1500;

const LAST = ['profile', 'clock', 'switches'] as const;

test('probes on CPUs go and come back with them', { skip: notOurs }, async () => {
  let backMs = 0;
  const { out, err, exitCode } = await local(
    {
      source: {
        name: 'stdin',
        text: `profile:hz:50 { @profile[cpu] = max(elapsed / 1000000); }
               software:cpu-clock:20000000 { @clock[cpu] = max(elapsed / 1000000); }
               tracepoint:sched:sched_switch { @all = count(); @switches[cpu] = max(elapsed / 1000000); }
               interval:ms:100 { @ticks = max(elapsed / 1000000); }`,
      },
      verbose: true,
    },
    async () => {
      const begun = performance.now();
      await setTimeout(WHILE_MS);
      writeFileSync(CPU1, '0');
      await setTimeout(WHILE_MS);
      writeFileSync(CPU1, '1');
      backMs = performance.now() - begun;
      await setTimeout(2 * WHILE_MS);
    },
  );
  assert.equal(exitCode, 0, err);
  assert.match(err, /^CPUs online: 0: probes on CPUs follow$/m);
  assert.match(err, /^CPUs online: 0,1: probes on CPUs follow$/m);
  for (const map of LAST) {
    for (const cpu of [0, 1]) {
      const [, lastMs] = new RegExp(`^@${map}\\[${cpu}\\]: (\\d+)$`, 'm').exec(out) ?? [];
      assert.ok(Number(lastMs) > backMs, `@${map}[${cpu}]: ${lastMs}, back after ${backMs} ms`);
    }
  }
  assert.ok(Number(/^@ticks: (\d+)$/m.exec(out)?.[1]) > backMs);
});
