/** Boots a kernel under qemu without KVM, runs one shell script in the host's root, and tells what it said. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initramfs } from './initramfs.mjs';

const QEMU = [
  ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '2048'],
  ...['-nodefaults', '-no-reboot', '-display', 'none'],
  ...['-fsdev', 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap'],
  ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host'],
];
const KERNEL_COMMAND_LINE = 'console=ttyS0 panic=-1 mitigations=off';

/**
 * @param {{ readonly image: string, readonly modules: string }} kernel
 * @param {string} command  shell script
 * @param {{ readonly timeoutMs: number, readonly onOutput?: (text: string) => void,
 *   readonly modules?: readonly string[] }} options  `modules` are loaded beside those that the root needs
 * @returns {Promise<{ readonly output: string, readonly exitCode: number | undefined, readonly console: string }>}
 *   `exitCode` is absent when the script did not come to its end: a panic, or the time was over.
 */
export async function runInVm(kernel, command, { timeoutMs, onOutput, modules }) {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-vm-'));
  const ramdisk = join(folder, 'initramfs.gz');
  const log = join(folder, 'console.log');
  try {
    writeFileSync(ramdisk, initramfs(kernel.modules, command, modules));
    writeFileSync(log, '');
    const serial = ['-serial', `file:${log}`, '-serial', 'stdio'];
    const boot = ['-kernel', kernel.image, '-initrd', ramdisk, '-append', KERNEL_COMMAND_LINE];
    const qemu = spawn('qemu-system-x86_64', [...QEMU, ...serial, ...boot], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let failure = '';
    qemu.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      onOutput?.(text);
    });
    qemu.stderr.setEncoding('utf8').on('data', (text) => (failure += text));
    const watchdog = setTimeout(() => qemu.kill('SIGKILL'), timeoutMs);
    await new Promise((resolve, reject) => {
      qemu.once('close', resolve);
      qemu.once('error', reject);
    }).finally(() => clearTimeout(watchdog));
    const end = /^exit code (\d+)\s*$/m.exec(output);
    return {
      output: end === null ? output : output.slice(0, end.index),
      exitCode: end === null ? undefined : Number(end[1]),
      console: readFileSync(log, 'utf8') + failure,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
