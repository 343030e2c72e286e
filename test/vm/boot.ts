/** Boots a kernel under qemu without KVM, on the host's root, and runs one shell script in it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initramfs } from './initramfs.ts';
import type { Kernel } from './kernel.ts';

/**
 * One thread emulates both CPUs: with a thread for each, a CPU that ran code while the kernel patched it (an fexit that
 * came or went) was seen to hang or to fault.
 */
const QEMU: readonly string[] = [
  ...['-accel', 'tcg,thread=single', '-cpu', 'max', '-smp', '2', '-m', '2048'],
  ...['-nodefaults', '-no-reboot', '-display', 'none'],
  ...['-fsdev', 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap'],
  ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host'],
];
const KERNEL_COMMAND_LINE = 'console=ttyS0 panic=-1 mitigations=off';

/** Where a VM finds the host's ports that it was given. */
export const HOST_ADDRESS = '10.0.2.100';

export interface VmOptions {
  /** After so long the VM is ended. */
  readonly timeoutMs: number;
  /** All that the script prints, as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Loaded beside those that the root needs. */
  readonly modules?: readonly string[];
  /** Size of an empty disk, /dev/vda; without one there is none. */
  readonly diskMib?: number;
  /** TCP ports of the host's loopback that the VM reaches at `HOST_ADDRESS`; it reaches nothing else. */
  readonly hostPorts?: readonly number[];
}

export interface VmResult {
  readonly output: string;
  /** Absent when the script did not come to its end: a panic, or the time was over. */
  readonly exitCode: number | undefined;
  /** What the kernel and qemu said. */
  readonly console: string;
}

/** Each connection of the VM to a port of the host is a busybox of its own: qemu keeps only one by itself. */
function network(hostPorts: readonly number[]): readonly string[] {
  if (hostPorts.length === 0) return [];
  const forwards = hostPorts.map(
    (port) => `,guestfwd=tcp:${HOST_ADDRESS}:${port}-cmd:/bin/busybox nc 127.0.0.1 ${port}`,
  );
  return [
    ...['-netdev', `user,id=net,restrict=on,ipv6=off${forwards.join('')}`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
  ];
}

function blockDevice(file: string): readonly string[] {
  return [
    ...['-drive', `file=${file},if=none,id=disk,format=raw,cache=unsafe`],
    ...['-device', 'virtio-blk-pci,drive=disk'],
  ];
}

function writeSparse(file: string, mib: number): void {
  writeFileSync(file, '');
  truncateSync(file, mib * 2 ** 20);
}

/** Disposing ends it at whatever it is doing. */
export class Vm implements Disposable {
  readonly #qemu: ChildProcess;
  readonly #ended: Promise<VmResult>;
  #output = '';
  #watchers: (() => void)[] = [];

  /** @param command shell script, run as root with the host's files, of which it may change its own copy */
  constructor(kernel: Kernel, command: string, options: VmOptions) {
    const { timeoutMs, onOutput, modules = [], diskMib = 0, hostPorts = [] } = options;
    const folder = mkdtempSync(join(tmpdir(), 'bpfleet-vm-'));
    const ramdisk = join(folder, 'initramfs.gz');
    const log = join(folder, 'console.log');
    const disk = join(folder, 'disk');
    if (diskMib > 0) writeSparse(disk, diskMib);
    const drivers = [
      ...(hostPorts.length === 0 ? [] : ['virtio_net']),
      ...(diskMib === 0 ? [] : ['virtio_blk']),
    ];
    writeFileSync(ramdisk, initramfs(kernel.modules, command, [...drivers, ...modules]));
    writeFileSync(log, '');
    const serial = ['-serial', `file:${log}`, '-serial', 'stdio'];
    const boot = ['-kernel', kernel.image, '-initrd', ramdisk, '-append', KERNEL_COMMAND_LINE];
    const devices = [...network(hostPorts), ...(diskMib === 0 ? [] : blockDevice(disk))];
    const qemu = spawn('qemu-system-x86_64', [...QEMU, ...devices, ...serial, ...boot], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#qemu = qemu;
    let failure = '';
    qemu.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      onOutput?.(text);
      this.#notify();
    });
    qemu.stderr.setEncoding('utf8').on('data', (text: string) => (failure += text));
    const kill = (): void => {
      qemu.kill('SIGKILL');
    };
    process.once('exit', kill);
    const watchdog = setTimeout(kill, timeoutMs);
    this.#ended = new Promise<VmResult>((resolve, reject) => {
      qemu.once('error', reject);
      qemu.once('close', () => {
        const end = /^exit code (\d+)\s*$/m.exec(this.#output);
        resolve({
          output: end === null ? this.#output : this.#output.slice(0, end.index),
          exitCode: end === null ? undefined : Number(end[1]),
          console: readFileSync(log, 'utf8') + failure,
        });
      });
    }).finally(() => {
      clearTimeout(watchdog);
      process.off('exit', kill);
      rmSync(folder, { recursive: true, force: true });
      this.#notify();
    });
  }

  /** What the script has printed. */
  get output(): string {
    return this.#output;
  }

  /** A line for what reads /dev/ttyS1 in the VM. */
  write(line: string): void {
    this.#qemu.stdin?.write(`${line}\n`);
  }

  /** Resolves with the match once the script's output has it. @throws when the VM ends without */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match;
      if (this.#qemu.exitCode !== null || this.#qemu.signalCode !== null) {
        const { output, console } = await this.#ended;
        throw new Error(
          `the VM ended without ${String(pattern)}:\n${output.slice(-4000)}\n${console.slice(-4000)}`,
        );
      }
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  /** Resolves when the script has ended, and the VM with it. @throws when there is no qemu */
  async ended(): Promise<VmResult> {
    return this.#ended;
  }

  [Symbol.dispose](): void {
    this.#qemu.kill('SIGKILL');
  }

  #notify(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

/** Runs a script in a VM to its end. */
export async function runInVm(
  kernel: Kernel,
  command: string,
  options: VmOptions,
): Promise<VmResult> {
  return new Vm(kernel, command, options).ended();
}
