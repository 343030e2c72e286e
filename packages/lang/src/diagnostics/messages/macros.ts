/** Macros: how they are defined, which definition a call means, and what may be put in the place of a parameter. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error } from './message.ts';

export function macroRedefined(span: Span, name: string, first: Span): Diagnostic {
  return {
    ...error('macro-redefined', span, `Redefinition of macro: ${name}`),
    labels: [{ span: first, message: 'This is the original definition.' }],
  };
}

export function repeatedParameter(
  span: Span,
  what: 'Variable' | 'Map' | 'Ident',
  name: string,
): Diagnostic {
  return error(
    'repeated-parameter',
    span,
    `${what} for macro argument has already been used: ${name}`,
  );
}

/** `counts` if the closest definition takes another number of arguments. */
export function noMatchingMacro(
  span: Span,
  name: string,
  closest: Span,
  counts: { readonly expected: number; readonly given: number } | undefined,
): Diagnostic {
  const message = `Call to ${name}() has arguments that do not match any definition.`;
  if (counts === undefined) return error('no-matching-macro', span, message);
  const { expected, given } = counts;
  return {
    ...error('no-matching-macro', span, message),
    labels: [
      {
        span: closest,
        message:
          `The closest definition of ${name}() has a different number of arguments. ` +
          `Expected: ${expected} but got ${given}`,
      },
    ],
  };
}

export function macroArgumentMismatch(
  span: Span,
  name: string,
  parameter: { readonly name: string; readonly span: Span; readonly kind: 'map' | 'variable' },
  given: 'map' | 'variable' | 'expression',
): Diagnostic {
  const article = given === 'expression' ? 'an' : 'a';
  return {
    ...error(
      'macro-argument-mismatch',
      span,
      `Mismatched arg. ${name}() expects a ${parameter.kind} for arg ${parameter.name} but got ${article} ${given}.`,
    ),
    labels: [{ span: parameter.span, message: 'This is the argument in the closest definition.' }],
  };
}

export function recursiveMacro(span: Span, chain: readonly string[]): Diagnostic {
  return error(
    'recursive-macro',
    span,
    `Recursive macro call detected. Call chain: ${chain.join(' > ')}`,
  );
}

export function macroTooLarge(span: Span, limit: number): Diagnostic {
  const what = `${limit} names, numbers and operators`;
  return error('macro-too-large', span, `Macros expand to more than ${what}`, [
    'Use functions, or variables for what is passed.',
  ]);
}

export function unhygienicMap(span: Span, name: string): Diagnostic {
  return error(
    'unhygienic-map',
    span,
    `Unhygienic access to map: ${name}. Maps must be passed into the macro as arguments.`,
  );
}

export function shadowedParameter(span: Span, name: string): Diagnostic {
  return error('shadowed-parameter', span, `Variable declaration shadows macro arg ${name}`);
}

export function misplacedTypeArgument(span: Span): Diagnostic {
  return error(
    'misplaced-type-argument',
    span,
    'When used as a call argument, `typeof` builtin only valid for macro calls that are expecting a type parameter',
  );
}

export function badTypeReplacement(
  span: Span,
  macro: string,
  parameter: string,
  type: string,
): Diagnostic {
  return error(
    'bad-type-replacement',
    span,
    `Invalid replacement for macro '${macro}' type parameter '${parameter}' which makes up the type '${type}'`,
  );
}

export function badFieldReplacement(span: Span): Diagnostic {
  return error(
    'bad-field-replacement',
    span,
    'FieldAccess expressions must be made up entirely of idents (e.g. a.b.c) to replace the second argument in `offsetof`',
  );
}
