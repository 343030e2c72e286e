/** Each attach point gets a body of its own: fresh nodes, with the predicate as an `if` around it. */
import { canonicalPoint } from '../probes/canonical-point.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Block, Probe, Subprogram } from '../syntax/ast.ts';
import { rewrite } from '../syntax/visit.ts';

export interface BoundProbe {
  readonly draft: ProbeDraft;
  /** See `CheckedProbe`; none of a function. */
  readonly attachPoints: readonly string[];
  readonly body: Block;
  /** The function that it is the body of, if it is none of a probe. */
  readonly function?: Subprogram;
}

export function bindBody(written: Probe, draft: ProbeDraft): BoundProbe {
  const attachPoints = written.attachPoints.map(({ text }) => canonicalPoint(text));
  return { draft, attachPoints, body: rewrite(withPredicate(written), (node) => ({ ...node })) };
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
