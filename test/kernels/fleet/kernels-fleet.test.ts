/** One fleet of this machine and of VMs with other kernels, one program over all of them, through faults. */
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
/** Before the faults, while nats-server and the coordinator are away, and after. */
const LOADS = 3;
const CALLS = 30_000;
const THIS_MACHINE = 'this-machine';
/** For a VM to boot and its agent to report, under emulation on a busy machine. */
const BOOT_MS = 5 * 60_000;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Nobody else's: all processes of this name are counted. */
const LOAD = `load-${process.pid}`;

/** Where `tgid` lies in a task differs from kernel to kernel. */
const PROGRAM = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD}"/ {
  @ = count(); @by[host] = count(); @sum = sum(2);
  @own[curtask->group_leader->tgid == pid] = count();
}`;

/** Runs an agent, whose programs take long under emulation; at each line of input a load, at the last one nothing more. */
function agentScript(host: string, natsPort: number, load: string): string {
  return [
    `cd ${quoted(ROOT)}`,
    `${quoted(process.execPath)} packages/cli/bin/bpfleet.js agent --host ${host} --nats nats://${HOST_ADDRESS}:${natsPort} --trust-nats --max-cpu 100% &`,
    'agent=$!',
    `for load in $(seq ${LOADS}); do`,
    '  read go </dev/ttyS1',
    `  ${quoted(load)} ${CALLS} </dev/null`,
    '  echo "load $load ended with $?"',
    'done',
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

  /** On all hosts at once; resolves when all of it has been executed. */
  async function runLoad(number: number): Promise<void> {
    const here = promisify(execFile)(load, [String(CALLS)]);
    here.child.stdin?.end();
    for (const vm of vms.values()) vm.write('go');
    const ended = new RegExp(`^load ${number} ended with 0\\r?$`, 'm');
    await Promise.all([here, ...[...vms.values()].map(async (vm) => vm.printed(ended))]);
  }

  test('counts exactly on each, whatever is killed', async () => {
    const hosts = [...vms.keys(), THIS_MACHINE];
    const each = LOADS * CALLS;
    const { id, command } = await fleet.run(['-e', PROGRAM], hosts.length, BOOT_MS);
    await runLoad(1);
    await fleet.nats.stop();
    await fleet.killCoordinator();
    await runLoad(2);
    await fleet.nats.start();
    await fleet.startCoordinator();
    await runLoad(3);
    const { out, err, exitCode } = await command.kill('SIGINT');
    assert.equal(exitCode, 0, err);
    for (const answer of [out, await fleet.output('history', 'show', id)]) {
      assert.match(
        answer,
        new RegExp(`^hosts ${hosts.length}/${hosts.length} · lost: ring buffer 0,`, 'm'),
      );
      assert.match(answer, new RegExp(`^@: ${hosts.length * each}$`, 'm'));
      assert.match(answer, new RegExp(`^@sum: ${hosts.length * 2 * each}$`, 'm'));
      assert.match(answer, new RegExp(`^@own\\[true\\]: ${hosts.length * each}$`, 'm'));
      assert.doesNotMatch(answer, /^@own\[false\]/m);
      for (const host of hosts) {
        assert.match(answer, new RegExp(`^@by\\[${host}\\]: ${each}$`, 'm'));
      }
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
