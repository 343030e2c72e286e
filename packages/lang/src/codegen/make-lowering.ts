/** Ties the families of lowering together: statements and expressions hold each other. */
import { lowerExpression, lowerScalar } from './lower-expression.ts';
import { lowerInto } from './lower-into.ts';
import { lowerStatement } from './lower-statement.ts';
import type { FunctionParts, Lowering } from './lowering.ts';

type BodyParts = Pick<Lowering, 'program' | 'probe' | 'session' | 'arch'>;

export function makeLowering(body: BodyParts, parts: FunctionParts): Lowering {
  const { program, probe, session, arch } = body;
  const l: Lowering = {
    program,
    probe,
    session,
    arch,
    ...parts,
    value: (expression) => lowerExpression(l, expression),
    scalar: (expression) => lowerScalar(l, expression),
    into: (expression, to, type) => {
      lowerInto(l, expression, to, type);
    },
    statement: (statement) => {
      lowerStatement(l, statement);
    },
    beside: (other) => makeLowering(body, other),
  };
  return l;
}
