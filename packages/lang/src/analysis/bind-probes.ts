/** Each attach point gets a body of its own: fresh nodes, with the predicate as an `if` around it. */
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Block, Probe, Subprogram } from '../syntax/ast.ts';
import { rewrite } from '../syntax/visit.ts';

export interface BoundProbe {
  readonly draft: ProbeDraft;
  readonly body: Block;
  /** The function that it is the body of, if it is none of a probe. */
  readonly function?: Subprogram;
}

export function bindBody(written: Probe, draft: ProbeDraft): BoundProbe {
  return { draft, body: rewrite(withPredicate(written), (node) => ({ ...node })) };
}

function withPredicate({ predicate, block }: Probe): Block {
  if (predicate === undefined) return block;
  const { span } = predicate;
  const guarded = {
    kind: 'if',
    span,
    condition: predicate,
    comptime: false,
    then: block,
    otherwise: undefined,
  } as const;
  return {
    kind: 'block',
    span: block.span,
    statements: [{ kind: 'expression-statement', span, expression: guarded }],
    value: undefined,
  };
}
