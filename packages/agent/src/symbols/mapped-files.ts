/** The files that processes map, each read once however many map it: the very ones, whatever their paths mean now. */
import { statSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { byteSource, zipMemberAt } from '@bpfleet/bpf/elf';
import { openFileBytes } from '../debug/file-bytes.ts';
import { inArchive, UserFile, type DebugSettings } from '../debug/user-file.ts';
import type { Mapping } from './process-maps.ts';
import { readVdso } from './vdso.ts';

const MAX_FILES = 4096;
const DELETED = ' (deleted)';

export class MappedFiles {
  readonly #settings: DebugSettings;
  /** By device, inode, size and time: numbers of files that are deleted are given to others. */
  readonly #files = new Map<string, UserFile | undefined>();
  /** By inode: files that may be gone when they are needed. */
  readonly #kept = new Map<string, UserFile>();
  #vdso: { readonly file: UserFile | undefined } | undefined;

  constructor(debugDirectories: readonly string[]) {
    this.#settings = { directories: debugDirectories, warn: () => undefined };
  }

  /**
   * Undefined for what is no program, and for a file that cannot be found any more.
   * @param pids the process that maps it, and those whose root it may share if it is gone
   */
  open(mapping: Mapping, pids: readonly number[]): UserFile | undefined {
    if (mapping.path === '[vdso]') return this.#readVdso();
    if (!mapping.path.startsWith('/')) return undefined;
    const path = withoutMark(mapping.path);
    for (const [candidate, shown] of candidates(mapping, path, pids)) {
      const stats = fileAt(candidate);
      if (stats === undefined) continue;
      const isItself = candidate.includes('/map_files/');
      if (!isItself && !mapping.file.endsWith(`:${stats.ino}`)) continue;
      const key = `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
      const open = (name: string): UserFile => new UserFile(name, this.#settings, candidate);
      const file = this.#read(key, () => open(shown));
      if (file !== undefined) return file;
      const member = memberAt(candidate, mapping);
      if (member === undefined) return undefined;
      return this.#read(`${key}:${member}`, () => open(inArchive(shown, member)));
    }
    return this.#keptFile(mapping, path);
  }

  /** Opens a file now, however it may be found later. */
  keep(path: string): void {
    const stats = fileAt(path);
    const file = orNothing(() => new UserFile(path, this.#settings));
    if (stats !== undefined && file !== undefined) this.#kept.set(String(stats.ino), file);
  }

  #keptFile({ file }: Mapping, path: string): UserFile | undefined {
    const kept = this.#kept.get(file.slice(file.lastIndexOf(':') + 1));
    return kept !== undefined && basename(kept.path) === basename(path) ? kept : undefined;
  }

  #read(key: string, open: () => UserFile): UserFile | undefined {
    if (this.#files.has(key)) return this.#files.get(key);
    const [oldest] = this.#files.keys();
    if (this.#files.size >= MAX_FILES && oldest !== undefined) this.#files.delete(oldest);
    const file = orNothing(open);
    this.#files.set(key, file);
    return file;
  }

  #readVdso(): UserFile | undefined {
    this.#vdso ??= {
      file: orNothing(() => {
        const bytes = readVdso();
        return bytes && new UserFile('[vdso]', this.#settings, byteSource(bytes));
      }),
    };
    return this.#vdso.file;
  }
}

/** Where the file may be, and the path by which what belongs to it is looked for: as the process sees it, then as we do. */
function* candidates(
  { start, end }: Mapping,
  path: string,
  pids: readonly number[],
): Generator<readonly [string, string]> {
  const [first] = pids;
  const inRoots = pids.map((pid) => `/proc/${pid}/root${path}`);
  const [inRoot = path] = inRoots;
  if (first !== undefined) {
    yield [`/proc/${first}/map_files/${start.toString(16)}-${end.toString(16)}`, inRoot];
  }
  for (const candidate of [path, ...inRoots]) yield [candidate, candidate];
}

/** What is mapped of an archive: libraries are run from where they are in it. */
function memberAt(path: string, { fileOffset }: Mapping): string | undefined {
  return orNothing(() => zipMemberAt(openFileBytes(path), Number(fileOffset)))?.name;
}

function withoutMark(path: string): string {
  return path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
}

function fileAt(path: string): Stats | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

function orNothing<T>(open: () => T | undefined): T | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
