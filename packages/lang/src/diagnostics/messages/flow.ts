/** Statements that stand where they may not, and variables that are used before or never. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error, warning } from './message.ts';

export function jumpOutsideLoop(span: Span, jump: string): Diagnostic {
  return error('jump-outside-loop', span, `'${jump}' statement is not allowed outside of a loop`);
}

export function unreachable(span: Span): Diagnostic {
  return warning('unreachable', span, 'Unreachable statement.');
}

export function whileDeprecated(span: Span): Diagnostic {
  return warning(
    'while-deprecated',
    span,
    'While loops are deprecated and may be removed in the future.',
    ['For loops support ranges (e.g. `for ($x : $start..$end) { ... }`).'],
  );
}

export function badRange(span: Span, bound: 'start' | 'end'): Diagnostic {
  return error('bad-range', span, `Loop range requires an integer for the ${bound} value`);
}

/** How a variable came to be, and where. */
export interface VariableOrigin {
  readonly span: Span;
  readonly what:
    'initial declaration' | 'initial assignment' | 'function parameter' | 'loop variable';
}

export function shadowed(span: Span, name: string, first: VariableOrigin): Diagnostic {
  return {
    ...error(
      'shadowed-variable',
      span,
      `Variable $${name} was already declared. Variable shadowing is not allowed.`,
    ),
    labels: [{ span: first.span, message: `This is the ${first.what}.` }],
  };
}

export function loopShadows(span: Span, name: string, first: VariableOrigin): Diagnostic {
  return {
    ...error('shadowed-variable', span, `Loop declaration shadows existing variable: $${name}`),
    labels: [{ span: first.span, message: `This is the ${first.what}.` }],
  };
}

export function neverAssigned(span: Span, name: string): Diagnostic {
  return warning('never-assigned', span, `Variable $${name} was never assigned to.`);
}

export function usedBeforeAssigned(span: Span, name: string): Diagnostic {
  return warning('used-before-assigned', span, `Variable used before it was assigned: $${name}`);
}

export function leavesBlock(span: Span, name: string, first: Span): Diagnostic {
  return {
    ...warning(
      'variable-leaves-block',
      span,
      `Variable $${name} is used outside of the blocks that assign it.`,
      [`Declare it before them: let $${name};`],
    ),
    labels: [{ span: first, message: 'This is the first assignment.' }],
  };
}
