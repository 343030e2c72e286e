/** Named parameters: `getopt(…)` in the program and `--name=value` on the command line. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error } from './message.ts';

export function badGetopt(span: Span, why: string): Diagnostic {
  return error('bad-getopt', span, why);
}

export function otherDefault(span: Span, name: string, first: string): Diagnostic {
  return error(
    'bad-getopt',
    span,
    `Command line option '${name}' needs to have the same default value in all places it is used. Previous default value: ${first}`,
  );
}

export function otherDescription(span: Span, name: string): Diagnostic {
  return error(
    'bad-getopt',
    span,
    `Command line option '${name}' must have the same description in all places it's used. Hint: You can wrap it in a macro`,
  );
}

export function badNamedParameter(name: string, value: string, why: string): Diagnostic {
  return error(
    'bad-named-parameter',
    undefined,
    `program command line option --${name} ${why} (value: ${value})`,
  );
}

interface NamedOption {
  readonly name: string;
  readonly description: string;
}

/** `--help` asks for the list alone: there is no message then, only the hint. */
export function unexpectedParameters(
  given: readonly string[],
  expected: readonly NamedOption[],
): Diagnostic {
  const unknown = given.filter((name) => name !== 'help').map((name) => `--${name}`);
  const message =
    unknown.length === 0 ? '' : `unexpected program command line options: ${unknown.join(', ')}`;
  const hint = expectedOptions(expected, given.includes('help'));
  return error('unexpected-parameter', undefined, message, [hint]);
}

function expectedOptions(expected: readonly NamedOption[], help: boolean): string {
  if (expected.length === 0) return 'no custom program options defined.';
  if (!help)
    return `expected program options: ${expected.map(({ name }) => `--${name}`).join(', ')}`;
  const lines = expected.map(({ name, description }) =>
    description === '' ? `--${name}` : `--${name}: ${description}`,
  );
  return ['expected program options:', ...lines].join('\n');
}
