/** What of a body an instruction was made of. */
import type { SourceLine } from '@bpfleet/bpf/asm';
import type { Span } from '../source.ts';
import type { Block } from '../syntax/ast.ts';
import { enclosing } from '../syntax/enclosing.ts';

/** The largest construct within the body that begins at the place; undefined for one of another file. */
export function statementAt(body: Block, line: SourceLine | undefined): Span | undefined {
  const { source } = body.span;
  if (line === undefined || line.file !== source.name) return undefined;
  const offset = source.offset(line);
  return enclosing(body, offset).find((node) => node.kind !== 'block' && node.span.start === offset)
    ?.span;
}
