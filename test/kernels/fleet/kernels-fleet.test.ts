/** One fleet of this machine and of VMs with other kernels, one program over all of them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Vm, HOST_ADDRESS } from '../../vm/boot.ts';
import { debianKernel } from '../../vm/debian-kernel.ts';
import type { Kernel } from '../../vm/kernel.ts';
import { quoted } from '../../vm/quoted.ts';
import { notRoot } from '../../support/needs-kernel.ts';
import { buildSyscallLoad } from '../../support/syscall-load.ts';
import { TestFleet } from '../../support/test-fleet.ts';
import { testDirectory } from '../../support/test-program.ts';

const SERIES = ['6.1', '6.12'];
const CALLS = 100_000;
const THIS_MACHINE = 'this-machine';
/** For a VM to boot and its agent to report, under emulation on a busy machine. */
const BOOT_MS = 5 * 60_000;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Nobody else's: all processes of this name are counted. */
const LOAD = `load-${process.pid}`;

const PROGRAM = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD}"/ {
  @ = count(); @by[host] = count(); @sum = sum(2);
}`;

/** Runs an agent; at a first line of input the load, at a second one nothing more. */
function agentScript(host: string, natsPort: number, load: string): string {
  return [
    `cd ${quoted(ROOT)}`,
    `${quoted(process.execPath)} packages/cli/bin/bpfleet.js agent --host ${host} --nats nats://${HOST_ADDRESS}:${natsPort} &`,
    'agent=$!',
    'read go </dev/ttyS1',
    `${quoted(load)} ${CALLS} </dev/null`,
    'echo "load ended with $?"',
    'read end </dev/ttyS1',
    'kill $agent',
    'wait $agent',
  ].join('\n');
}

describe('a fleet of several kernels', { skip: notRoot(), timeout: 2 * BOOT_MS }, () => {
  const vms = new Map<string, Vm>();
  let fleet: TestFleet;
  let load = '';

  function boot(kernel: Kernel): void {
    const host = `linux-${kernel.series}`;
    const natsPort = Number(new URL(fleet.nats.url).port);
    const options = { timeoutMs: 2 * BOOT_MS, hostPorts: [natsPort] };
    vms.set(host, new Vm(kernel, agentScript(host, natsPort, load), options));
  }

  before(async () => {
    load = join(testDirectory(), LOAD);
    copyFileSync(buildSyscallLoad(), load);
    fleet = await TestFleet.start({});
    SERIES.flatMap((series) => debianKernel(series) ?? []).forEach(boot);
    await fleet.addAgent(THIS_MACHINE);
    const isComplete = async (): Promise<boolean> =>
      (await fleet.api.hosts()).length === vms.size + 1;
    try {
      await fleet.until('all VMs are live', isComplete, BOOT_MS);
    } catch (error) {
      const said = [...vms].map(([host, vm]) => `${host} says:\n${vm.output}`).join('\n');
      throw new Error(`not all VMs are live; ${said}`, { cause: error });
    }
  });

  after(async () => {
    for (const vm of vms.values()) vm[Symbol.dispose]();
    await fleet.close();
  });

  test('counts exactly on each of them, and in total', async () => {
    const hosts = [...vms.keys(), THIS_MACHINE];
    const { command } = await fleet.run(['-e', PROGRAM], hosts.length, BOOT_MS);
    const here = promisify(execFile)(load, [String(CALLS)]);
    here.child.stdin?.end();
    for (const vm of vms.values()) vm.write('go');
    await here;
    await Promise.all([...vms.values()].map(async (vm) => vm.printed(/^load ended with 0\r?$/m)));
    const { out, err, exitCode } = await command.kill('SIGINT');
    assert.equal(exitCode, 0, err);
    assert.match(
      out,
      new RegExp(`^hosts ${hosts.length}/${hosts.length} · lost: ring buffer 0,`, 'm'),
    );
    assert.match(out, new RegExp(`^@: ${hosts.length * CALLS}$`, 'm'));
    assert.match(out, new RegExp(`^@sum: ${hosts.length * 2 * CALLS}$`, 'm'));
    for (const host of hosts) {
      assert.match(out, new RegExp(`^@by\\[${host}\\]: ${CALLS}$`, 'm'));
    }
  });

  test('agents in VMs end when they are asked to', async () => {
    for (const vm of vms.values()) vm.write('end');
    for (const [host, vm] of vms) {
      const { exitCode, output } = await vm.ended();
      assert.equal(exitCode, 0, `${host}: ${output}`);
    }
  });
});
