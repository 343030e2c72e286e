/** Which function the code at an address is of, which functions were inlined there, and from which lines each is. */
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { rangesOf } from './ranges.ts';
import type { SourceLines, SourcePlace } from './source-lines.ts';

export interface CodeFrame {
  /** The name for a linker, where there is one; else that of the source. */
  readonly name: string;
  readonly inlined: boolean;
  readonly place: SourcePlace | undefined;
}

/** Deeper nesting of inlined functions means damage. */
const MAX_DEPTH = 128;

/** From the innermost inlined function to the one that has the code. */
export function codeFrames(code: Die, address: number, lines: SourceLines): readonly CodeFrame[] {
  const chain = [code];
  for (let inner = inlinedAt(code, address); inner !== undefined && chain.length < MAX_DEPTH;) {
    chain.push(inner);
    inner = inlinedAt(inner, address);
  }
  // Each is at the line where it calls the next; the innermost is where the table says.
  return chain
    .map((die, index) => {
      const callee = chain[index + 1];
      const place = callee === undefined ? lines.at(address) : callPlace(callee, lines);
      return { name: die.linkageName ?? die.name ?? '', inlined: index > 0, place };
    })
    .reverse();
}

/** The inlined function inside a function that an address is in, also one within blocks. */
function inlinedAt(outer: Die, address: number, depth: number = 0): Die | undefined {
  for (const child of outer.children()) {
    const isCall = child.tag === dw.DW_TAG_inlined_subroutine;
    if (!isCall && child.tag !== dw.DW_TAG_lexical_block) continue;
    let holds = false;
    for (const { start, end } of rangesOf(child)) holds ||= address >= start && address < end;
    if (isCall && holds) return child;
    if (isCall || depth > MAX_DEPTH) continue;
    const found = inlinedAt(child, address, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function callPlace(call: Die, lines: SourceLines): SourcePlace | undefined {
  const file = call.count(dw.DW_AT_call_file);
  const line = call.count(dw.DW_AT_call_line);
  return file === undefined || line === undefined ? undefined : lines.place(file, line);
}
