/** Which file a uprobe or USDT attach point means: a path, a program in `PATH`, or a library by its bare name. */
import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { lookupLibrary, type ElfArchitecture } from '@bpfleet/bpf/elf';

export interface PathContext {
  readonly arch: ElfArchitecture;
  readonly libraryCache: () => Uint8Array;
  /** The value of `PATH`. */
  readonly searchPath: string;
  /** From -p: an empty path means its executable, and paths are as this process sees them. */
  readonly pid?: number;
}

/** The resolved path, or undefined when there is no such file. */
export function findBinary(written: string, context: PathContext): string | undefined {
  const { pid } = context;
  if (written === '') return pid === undefined ? undefined : executableOf(pid);
  if (written.includes('/')) {
    const inProcess = pid === undefined ? undefined : `/proc/${pid}/root${written}`;
    if (inProcess !== undefined && existsSync(inProcess)) return sameFile(inProcess, written);
    return existsSync(written) ? realpathSync(written) : undefined;
  }
  const library = fromCache(written, context);
  if (library !== undefined) return realpathSync(library);
  for (const directory of context.searchPath.split(delimiter)) {
    const candidate = join(directory, written);
    if (directory !== '' && existsSync(candidate)) return realpathSync(candidate);
  }
  return undefined;
}

function executableOf(pid: number): string | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/exe`);
    return sameFile(`/proc/${pid}/root${path}`, path);
  } catch {
    return undefined;
  }
}

/** The shorter path when both lead to one file, as for a process in our own mount namespace. */
function sameFile(inProcess: string, here: string): string {
  try {
    const real = realpathSync(here);
    return existsSync(real) && realpathSync(inProcess).endsWith(real) ? real : inProcess;
  } catch {
    return inProcess;
  }
}

function fromCache(name: string, context: PathContext): string | undefined {
  const cache = context.libraryCache();
  if (cache.length === 0) return undefined;
  return lookupLibrary(cache, name, context.arch);
}
