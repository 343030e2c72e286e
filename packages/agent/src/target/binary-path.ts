/** Which file a uprobe or USDT attach point means: a path, a program in `PATH`, or a library by its bare name. */
import { existsSync, readlinkSync, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { lookupLibrary, type ElfArchitecture } from '@bpfleet/bpf/elf';
import { livingMappings } from '../symbols/process-history.ts';

export interface PathContext {
  readonly arch: ElfArchitecture;
  readonly libraryCache: () => Uint8Array;
  /** The value of `PATH`. */
  readonly searchPath: string;
  /** From -p: an empty path means its executable, and paths are as this process sees them. */
  readonly pid?: number;
}

/** The path to attach by, or undefined when there is no such file. A path stays as it was written. */
export function findBinary(written: string, context: PathContext): string | undefined {
  const { pid } = context;
  if (written === '') return pid === undefined ? undefined : executableOf(pid);
  if (isAbsolute(written)) {
    if (pid === undefined) return existsSync(written) ? written : undefined;
    return pathOfProcess(pid, written);
  }
  // `probe` shows the path as it was written.
  if (written.includes('/')) return existsSync(written) ? written : undefined;
  const library = mappedLibrary(written, pid) ?? fromCache(written, context);
  if (library !== undefined) return library;
  return context.searchPath
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, written))
    .find((candidate) => existsSync(candidate));
}

function executableOf(pid: number): string | undefined {
  try {
    return pathOfProcess(pid, readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return undefined;
  }
}

/** As we see the path when it leads to the same file, else through the process's root: it may be in a container. */
export function pathOfProcess(pid: number, path: string): string | undefined {
  const inProcess = `/proc/${pid}/root${path}`;
  const theirs = statSync(inProcess, { throwIfNoEntry: false });
  if (theirs === undefined) return existsSync(path) ? path : undefined;
  const ours = statSync(path, { throwIfNoEntry: false });
  return ours?.ino === theirs.ino && ours.dev === theirs.dev ? path : inProcess;
}

/** A library that the process runs, which may be another than the one others would. */
function mappedLibrary(name: string, pid: number | undefined): string | undefined {
  if (pid === undefined) return undefined;
  const mapped = livingMappings(pid).find(
    ({ executable, path }) => executable && path.startsWith('/') && isLibrary(basename(path), name),
  );
  return mapped && pathOfProcess(pid, mapped.path);
}

/** Whether a file such as `libssl.so.3` goes by this name, with or without its ending and `lib`. */
function isLibrary(file: string, name: string): boolean {
  const stem = /^(.+?)(?:-[\d.]+)?\.so(?:\.|$)/.exec(file)?.[1];
  const plain = name.replace(/\.so$/, '');
  return file === name || (stem !== undefined && (stem === plain || stem === `lib${plain}`));
}

function fromCache(name: string, context: PathContext): string | undefined {
  const cache = context.libraryCache();
  if (cache.length === 0) return undefined;
  return lookupLibrary(cache, name, context.arch);
}
