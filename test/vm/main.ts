/**
 * Runs a shell command in a VM, in this folder, with this machine's files, of which it may change its own copy:
 * `npm run vm -- 6.12 COMMAND…`, or a path of a vmlinuz instead of the series.
 */
import { debianKernel } from './debian-kernel.ts';
import { ownKernel } from './own-kernel.ts';
import { requireVms } from './require-vms.ts';
import { runInVm } from './boot.ts';
import { quoted } from './quoted.ts';

const TIMEOUT_MS = 60 * 60_000;

const [which, ...words] = process.argv.slice(2);

async function main(): Promise<number> {
  if (which === undefined || words.length === 0) throw new Error('say which kernel, and a command');
  requireVms();
  const kernel = which.includes('/') ? ownKernel(which) : debianKernel(which);
  if (kernel === undefined) throw new Error(`apt has no linux-image-${which}.*-amd64`);
  const script = [
    `export PATH=${quoted(process.env['PATH'] ?? '')}:/usr/sbin:/sbin`,
    `cd ${quoted(process.cwd())}`,
    words.join(' '),
  ];
  const { exitCode, console } = await runInVm(kernel, script.join('\n'), {
    timeoutMs: TIMEOUT_MS,
    onOutput: (text) => process.stdout.write(text),
  });
  if (exitCode === undefined) throw new Error(`no end of the command:\n${console.slice(-4000)}`);
  return exitCode;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
