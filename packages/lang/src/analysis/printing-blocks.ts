/** The blocks of a program that print, before any host has compiled it. */
import { canonicalPoint } from '../probes/canonical-point.ts';
import type { Program } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';

const PRINTING: ReadonlySet<string> = new Set(['printf', 'print', 'println', 'time', 'join']);

export interface PrintingBlock {
  /** Its attach points, providers by their full names. */
  readonly probes: readonly string[];
  /** Of each printf its format. */
  readonly formats: readonly string[];
}

export function printingBlocks(program: Program): readonly PrintingBlock[] {
  return program.items.flatMap((item) => {
    if (item.kind !== 'probe') return [];
    let prints = false;
    const formats: string[] = [];
    walk(item.block, {
      enter: (node) => {
        if (node.kind !== 'call') return;
        // What it calls besides may print too.
        prints ||= PRINTING.has(node.callee);
        const [format] = node.arguments;
        if (node.callee === 'printf' && format?.kind === 'string') formats.push(format.value);
      },
    });
    const probes = item.attachPoints.map(({ text }) => canonicalPoint(text));
    return prints ? [{ probes, formats }] : [];
  });
}
