/** What the running machine is: kernel release, architecture, CPUs, page size, boot and clocks. */
import { readFileSync } from 'node:fs';
import { endianness, release } from 'node:os';
import { parseCpuList } from './cpu-list.ts';

export interface Host {
  /** As `uname -r` prints it. */
  readonly kernelRelease: string;
  readonly arch: 'x86_64' | 'arm64';
  readonly onlineCpus: readonly number[];
  /** Length of per-CPU values: CPUs that may come online are counted too. */
  readonly possibleCpus: number;
  readonly pageSize: number;
  /** Changes with every boot. */
  readonly bootId: string;
}

/** Type of the auxiliary vector's entry for the page size; see getauxval(3). */
const AT_PAGESZ = 6n;

function readPageSize(): number {
  const entries = readFileSync('/proc/self/auxv');
  for (let at = 0; at + 16 <= entries.length; at += 16) {
    if (entries.readBigUInt64LE(at) === AT_PAGESZ) return Number(entries.readBigUInt64LE(at + 8));
  }
  throw new Error('read page size: not in /proc/self/auxv');
}

/** CPUs come and go while a machine runs. */
export function onlineCpus(): readonly number[] {
  return parseCpuList(readFileSync('/sys/devices/system/cpu/online', 'utf8'));
}

/** Always there, but in containers that hide them. */
function readSystemFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`tracing needs ${path.split('/', 2).join('/')} to be mounted`, {
      cause: error,
    });
  }
}

/** Throws on machines that bpfleet does not support. */
export function readHost(): Host {
  const arch = process.arch === 'x64' ? 'x86_64' : process.arch;
  if ((arch !== 'x86_64' && arch !== 'arm64') || endianness() !== 'LE') {
    throw new Error(`architecture ${process.arch} is not supported`);
  }
  const possible = parseCpuList(readSystemFile('/sys/devices/system/cpu/possible'));
  return {
    kernelRelease: release(),
    arch,
    onlineCpus: onlineCpus(),
    possibleCpus: possible.length,
    pageSize: readPageSize(),
    bootId: readSystemFile('/proc/sys/kernel/random/boot_id').trim(),
  };
}

/** Major and minor version of a release such as `6.1.0-13-amd64`. */
export function kernelVersion(kernelRelease: string): readonly [major: number, minor: number] {
  const match = /^(\d+)\.(\d+)/.exec(kernelRelease);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
}
