/** Reads the files that a program imports and includes, where the user started it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { arch } from 'node:os';
import { dirname } from 'node:path';
import { decodeText, systemReason, type ProgramFile, type ProgramFiles } from '@bpfleet/protocol';
import { MAX_PROGRAM_BYTES } from './read-program.ts';
import type { Terminal } from './terminal.ts';

const WRITABLE_BY_ALL = 0o002;

export interface IncludeOptions {
  /** `-I` */
  readonly includeDirectories?: readonly string[];
  /** `--include` */
  readonly includeFiles?: readonly string[];
}

/** The compiler is loaded only where there may be such files. */
export async function filesOf(
  program: { readonly name: string; readonly text: string },
  { includeDirectories = [], includeFiles = [] }: IncludeOptions,
  environment: Terminal['environment'],
): Promise<ProgramFiles> {
  if (includeFiles.length === 0 && !/\b(?:import|include)\b/.test(program.text)) return {};
  const { collectProgramFiles, Source } = await import('@bpfleet/lang');
  return collectProgramFiles(
    new Source(program.name, program.text),
    readProgramFile,
    [...includeDirectories, ...environmentDirectories(environment), ...systemDirectories()],
    includeFiles,
  );
}

/** Where C compilers are told to look; an empty name is where the user is. */
function environmentDirectories(environment: Terminal['environment']): readonly string[] {
  return ['CPATH', 'C_INCLUDE_PATH'].flatMap((name) => {
    const paths = environment[name];
    return paths === undefined || paths === '' ? [] : paths.split(':').map((path) => path || '.');
  });
}

/** Where compilers look, and so bpftrace. */
function systemDirectories(): readonly string[] {
  const machine = arch() === 'arm64' ? 'aarch64' : 'x86_64';
  return ['/usr/local/include', `/usr/include/${machine}-linux-gnu`, '/usr/include'];
}

export function readProgramFile(path: string): ProgramFile {
  try {
    const status = statSync(path);
    const worldWritable = isWritableByAll(status) || isWritableByAll(statSync(dirname(path)));
    if (!status.isDirectory() && !status.isFile()) {
      return { kind: 'unreadable', reason: 'Not a regular file' };
    }
    if (status.size > MAX_PROGRAM_BYTES) return { kind: 'unreadable', reason: 'File too large' };
    if (!status.isDirectory()) {
      return { kind: 'text', text: decodeText(readFileSync(path)), worldWritable };
    }
    return { kind: 'directory', entries: readdirSync(path).toSorted(), worldWritable };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'unreadable', reason: systemReason(error) };
  }
}

function isWritableByAll({ mode }: { readonly mode: number }): boolean {
  return (mode & WRITABLE_BY_ALL) !== 0;
}
