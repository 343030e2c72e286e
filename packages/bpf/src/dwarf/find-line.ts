/** From a source line to the address of its code. */
import { findBytes } from './find-bytes.ts';
import { readLineHeader } from './line-header.ts';
import { lineRows } from './line-rows.ts';
import type { DwarfSections } from './sections.ts';
import type { Unit } from './unit.ts';

export interface LineSearch {
  /** The end of a path, in whole components: `main.c`, `src/main.c`. */
  readonly file: string;
  readonly line: number;
  /** 0 for any. */
  readonly column: number;
}

const utf8 = new TextEncoder();

/** The lowest address that a unit has for the line; units that share the file are asked in turn. */
export function findLine(
  units: readonly Unit[],
  sections: DwarfSections,
  search: LineSearch,
): { readonly address: number } | { readonly reason: string } {
  const { file, line, column } = search;
  if (!mentioned(sections, file)) return { reason: `No compilation unit matches ${file}` };
  let path: string | undefined;
  let address: number | undefined;
  for (const unit of units) {
    const header = readLineHeader(unit);
    if (header === undefined) continue;
    const wanted = new Set<number>();
    for (const [index, candidate] of header.files) {
      if (!endsWithPath(candidate, file)) continue;
      path ??= candidate;
      if (path !== candidate) {
        const paths = `${path}, ${candidate}`;
        return { reason: `Ambiguous source path, matches multiple files: ${paths}` };
      }
      wanted.add(index);
    }
    if (wanted.size === 0 || address !== undefined) continue;
    for (const row of lineRows(sections.line, header)) {
      if (row.endsSequence || row.line !== line || !wanted.has(row.file)) continue;
      if (column !== 0 && row.column !== column) continue;
      if (address === undefined || row.address < address) address = row.address;
    }
  }
  if (address !== undefined) return { address };
  if (path === undefined) return { reason: `No compilation unit matches ${file}` };
  const place = column === 0 ? `${file}:${line}` : `${file}:${line}:${column}`;
  return { reason: `Unable to map '${place}' to address` };
}

/** Whether the last component occurs at all, for reading all headers takes long in a big program. */
function mentioned({ line, lineStr, str }: DwarfSections, file: string): boolean {
  const name = utf8.encode(`${file.slice(file.lastIndexOf('/') + 1)}\0`);
  return [line, lineStr, str].some((section) => !findBytes(section, name).next().done);
}

function endsWithPath(path: string, end: string): boolean {
  return path === end || path.endsWith(end.startsWith('/') ? end : `/${end}`);
}
