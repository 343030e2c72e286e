/** How the messages of all areas are made. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';

export function error(
  code: string,
  span: Span | undefined,
  message: string,
  hints: readonly (string | undefined)[] = [],
): Diagnostic {
  return make('error', code, span, message, hints);
}

export function warning(
  code: string,
  span: Span | undefined,
  message: string,
  hints: readonly (string | undefined)[] = [],
): Diagnostic {
  return make('warning', code, span, message, hints);
}

function make(
  severity: Diagnostic['severity'],
  code: string,
  span: Span | undefined,
  message: string,
  hints: readonly (string | undefined)[],
): Diagnostic {
  const given = hints.filter((hint) => hint !== undefined);
  return {
    code,
    severity,
    message,
    ...(span === undefined ? {} : { span }),
    ...(given.length === 0 ? {} : { hints: given }),
  };
}

/** The hint for a mistyped name, if there is a near one. */
export function didYouMean(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `Did you mean '${name}'?`;
}
