/** The program's own functions (`fn`), and calls of them. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error } from './message.ts';

export function functionNameTaken(span: Span, name: string, first: Span | undefined): Diagnostic {
  if (first === undefined) {
    return error('function-name-taken', span, `Function ${name} has the name of a builtin`);
  }
  return {
    ...error('function-name-taken', span, `Function ${name} was already defined`),
    labels: [{ span: first, message: 'This is the first definition.' }],
  };
}

/** `chain`: the functions that lead back to the first of them. */
export function recursiveFunction(span: Span, chain: readonly string[]): Diagnostic {
  const [first = ''] = chain;
  const path = [...chain, first].join(' -> ');
  return error('recursive-function', span, `Function ${first} calls itself: ${path}`, [
    'BPF programs have no recursion: write a loop.',
  ]);
}

export function cannotReturn(span: Span, name: string, type: string, given: string): Diagnostic {
  return error(
    'bad-function-return',
    span,
    `Function ${name} is of type ${type}, cannot return ${given}`,
  );
}

export function badParameterType(span: Span, type: string): Diagnostic {
  return error('bad-parameter-type', span, `Functions take no values of type ${type}`, [
    'Pass a number, such as the map cast to int64.',
  ]);
}

export function badResultType(span: Span, type: string): Diagnostic {
  return error('bad-parameter-type', span, `Functions return no values of type ${type}`, [
    'Return a number, such as the map cast to int64.',
  ]);
}

export function wrongFunctionArgument(
  span: Span,
  name: string,
  parameter: string,
  wanted: string,
  given: string,
): Diagnostic {
  return error(
    'wrong-argument-type',
    span,
    `Function ${name} takes ${wanted} as $${parameter}, not ${given}`,
  );
}

export function outsideProbe(span: Span, name: string): Diagnostic {
  return error(
    'builtin-unavailable',
    span,
    `Builtin __builtin_${name} not supported outside probe`,
  );
}
