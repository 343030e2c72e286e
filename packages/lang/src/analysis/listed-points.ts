/** What the attach points of a program stand for, before anything is looked up: for a listing of its probes. */
import { readAttachPoint } from './read-attach-point.ts';
import { Diagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Program } from '../syntax/ast.ts';
import type { ParsedAttachPoint } from '../probes/attach-point.ts';
import { expandProvider } from '../probes/expand-provider.ts';
import type { AttachPointContext } from '../probes/parse-attach-point.ts';

export interface ListedPoints {
  /** In the order of the program. */
  readonly points: readonly ParsedAttachPoint[];
  readonly diagnostics: readonly Diagnostic[];
}

export function listedPoints(program: Program, context: AttachPointContext): ListedPoints {
  const found = new Diagnostics();
  const warned = new Set<string>();
  const written = program.items.flatMap((item) => (item.kind === 'probe' ? item.attachPoints : []));
  const points = written
    .flatMap((one) => expandProvider(one, context))
    .flatMap((one) => readAttachPoint(one, context, warned, found)?.point ?? []);
  return { points, diagnostics: found.items };
}
