/** `npm run vm`: runs a shell command in a VM. What it takes is in `vm-command.ts`. */
import { debianKernel } from './debian-kernel.ts';
import { missingModules, ownKernel } from './own-kernel.ts';
import { requireVms } from './require-vms.ts';
import { runInVm } from './boot.ts';
import { quoted } from './quoted.ts';
import { parseVmCommand, VM_USAGE } from './vm-command.ts';
import { runMain } from '../support/run-main.ts';

const TIMEOUT_MS = 60 * 60_000;

async function main(): Promise<number> {
  const asked = parseVmCommand(process.argv.slice(2));
  if (asked.kind === 'help') {
    process.stdout.write(VM_USAGE);
    return 0;
  }
  const own = asked.kernel.includes('/') ? ownKernel(asked.kernel) : undefined;
  const warning = own && missingModules(own);
  if (warning !== undefined) process.stderr.write(`${warning}\n`);
  requireVms();
  const kernel = own ?? debianKernel(asked.kernel);
  if (kernel === undefined) throw new Error(`apt has no linux-image-${asked.kernel}.*-amd64`);
  const script = [
    `export PATH=${quoted(process.env['PATH'] ?? '')}:/usr/sbin:/sbin`,
    `cd ${quoted(process.cwd())}`,
    asked.command,
  ];
  const { exitCode, console } = await runInVm(kernel, script.join('\n'), {
    timeoutMs: TIMEOUT_MS,
    onOutput: (text) => process.stdout.write(text),
  });
  if (exitCode === undefined) throw new Error(`no end of the command:\n${console.slice(-4000)}`);
  return exitCode;
}

runMain(main);
