/** Which files the path of a uprobe or USDT attach point means: one, all that a wildcard matches, or all that are mapped. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseProcessMaps } from '../symbols/process-maps.ts';
import { findBinary, pathOfProcess, type PathContext } from './binary-path.ts';
import { expandPath } from './expand-path.ts';

export interface FoundBinaries {
  readonly paths: readonly string[];
  /** That a bare name means several programs, of which the first is taken. */
  readonly warning?: string;
}

/** Between an archive and a file in it. */
const ARCHIVE_MARK = '!/';

export function findBinaries(
  provider: string,
  written: string,
  context: PathContext,
): FoundBinaries {
  if (written === '*') return { paths: mappedFiles(context) };
  if (written.includes('*')) return { paths: expandPath(written).filter(isElf) };
  const archive = written.split(ARCHIVE_MARK, 1)[0] ?? '';
  if (archive !== written) {
    const path = findBinary(archive, context);
    return { paths: path === undefined ? [] : [path + written.slice(archive.length)] };
  }
  const path = findBinary(written, context);
  if (path === undefined) return { paths: [] };
  const others = written.includes('/') || written === '' ? [] : programsNamed(written, context);
  if (others.length < 2 || !others.includes(path)) return { paths: [path] };
  const warning = `attaching to ${provider} target file '${path}' but matched ${others.length} binaries`;
  return { paths: [path], warning };
}

function programsNamed(name: string, { searchPath }: PathContext): readonly string[] {
  const places = new Set(searchPath.split(delimiter).filter((directory) => directory !== ''));
  return [...places].map((directory) => join(directory, name)).filter(isElf);
}

/** The code of the traced process, or of all processes. */
function mappedFiles({ pid }: PathContext): readonly string[] {
  const pids = pid === undefined ? processIds() : [pid];
  const paths = new Map<string, string>();
  for (const process of pids) {
    for (const { path, file } of mappingsOf(process)) {
      if (!path.startsWith('/') || paths.has(file)) continue;
      const found = pathOfProcess(process, path);
      if (found !== undefined && isElf(found)) paths.set(file, found);
    }
  }
  return [...paths.values()];
}

function processIds(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number);
}

function mappingsOf(pid: number): ReturnType<typeof parseProcessMaps> {
  try {
    const mappings = parseProcessMaps(readFileSync(`/proc/${pid}/maps`, 'utf8'));
    return mappings.filter(({ executable }) => executable);
  } catch {
    // It has ended.
    return [];
  }
}

const ELF_MAGIC = Buffer.from('\u007FELF', 'latin1');

function isElf(path: string): boolean {
  let fd: number;
  try {
    // A pipe would keep us waiting for who writes to it.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return false;
  }
  try {
    const start = Buffer.alloc(ELF_MAGIC.length);
    return readSync(fd, start) === start.length && start.equals(ELF_MAGIC);
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}
