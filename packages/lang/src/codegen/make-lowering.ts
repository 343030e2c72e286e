/** Ties the families of lowering together: statements and expressions hold each other. */
import type { Span } from '../source.ts';
import type { Expression } from '../syntax/ast.ts';
import { lowerExpression, lowerScalar } from './lower-expression.ts';
import { lowerInto } from './lower-into.ts';
import { lowerStatement } from './lower-statement.ts';
import type { FunctionParts, Lowering } from './lowering.ts';

type BodyParts = Pick<
  Lowering,
  'program' | 'probe' | 'session' | 'arch' | 'functions' | 'spareStack'
>;

export function makeLowering(body: BodyParts, parts: FunctionParts): Lowering {
  const { program, probe, session, arch, functions, spareStack } = body;
  const place: Lowering['place'] = { span: undefined };
  const l: Lowering = {
    place,
    program,
    probe,
    session,
    arch,
    functions,
    spareStack,
    ...parts,
    value: (expression) => within(place, expression, () => lowerExpression(l, expression)),
    scalar: (expression) => within(place, expression, () => lowerScalar(l, expression)),
    into: (expression, to, type) => {
      within(place, expression, () => {
        lowerInto(l, expression, to, type);
      });
    },
    statement: (statement) => {
      lowerStatement(l, statement);
    },
    beside: (other, otherProbe = probe) => makeLowering({ ...body, probe: otherProbe }, other),
  };
  return l;
}

/** Notes which expression `lower` works on. */
function within<Result>(
  place: { span: Span | undefined },
  { span }: Expression,
  lower: () => Result,
): Result {
  const outer = place.span;
  place.span = span;
  const result = lower();
  place.span = outer;
  return result;
}
