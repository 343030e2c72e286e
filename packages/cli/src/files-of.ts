/** Reads the files that a program imports and includes, where the user started it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ProgramFile, ProgramFiles } from '@bpfleet/protocol';
import { reasonOf } from './system-reason.ts';

const WRITABLE_BY_ALL = 0o002;

/** The compiler is loaded only where there may be such files. */
export async function filesOf(program: {
  readonly name: string;
  readonly text: string;
}): Promise<ProgramFiles> {
  if (!/\b(?:import|include)\b/.test(program.text)) return {};
  const { collectProgramFiles, Source } = await import('@bpfleet/lang');
  return collectProgramFiles(new Source(program.name, program.text), readProgramFile);
}

export function readProgramFile(path: string): ProgramFile {
  try {
    const status = statSync(path);
    const worldWritable = isWritableByAll(status) || isWritableByAll(statSync(dirname(path)));
    if (!status.isDirectory()) {
      return { kind: 'text', text: readFileSync(path, 'utf8'), worldWritable };
    }
    return { kind: 'directory', entries: readdirSync(path).toSorted(), worldWritable };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'unreadable', reason: reasonOf(code) };
  }
}

function isWritableByAll({ mode }: { readonly mode: number }): boolean {
  return (mode & WRITABLE_BY_ALL) !== 0;
}
