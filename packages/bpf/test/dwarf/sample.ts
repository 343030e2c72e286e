/** The sample program, compiled with debug information of one form or another. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { DebugInfo, readSections } from '../../src/dwarf/index.ts';
import type { Die, DwarfSections } from '../../src/dwarf/index.ts';
import { Elf, SymbolTable } from '../../src/elf/index.ts';

const SOURCE = join(import.meta.dirname, 'sample.c');
const directory = mkdtempSync(join(tmpdir(), 'bpfleet-dwarf-'));
process.on('exit', () => {
  rmSync(directory, { recursive: true, force: true });
});

let built = 0;

export interface Sample {
  readonly path: string;
  readonly elf: Elf;
  readonly info: DebugInfo;
  readonly function: (name: string) => Die;
}

/** A split file that the compiler left beside the program, or another file there. */
export function sectionsOf(path: string, split: boolean): DwarfSections {
  return readSections(new Elf(readFileSync(path)), (packed) => inflateSync(packed), split);
}

export function buildSample(...flags: readonly string[]): Sample {
  const path = join(directory, `sample-${built++}`);
  execFileSync('gcc', ['-O1', '-g', ...flags, '-o', path, SOURCE], { cwd: directory });
  return openSample(path);
}

export function openSample(path: string, bytes: Uint8Array = readFileSync(path)): Sample {
  const elf = new Elf(bytes);
  const sections = readSections(elf, (packed) => inflateSync(packed));
  const info = new DebugInfo(sections, {
    read: ({ name }) => sectionsOf(resolve(directory, name), true),
  });
  const symbols = new SymbolTable(elf);
  return {
    path,
    elf,
    info,
    function: (name) => {
      const symbol = symbols.find(name);
      const found = symbol && info.functionAt(symbol.address);
      if (found === undefined) throw new Error(`no debug information of ${name}`);
      return found;
    },
  };
}
