/** Names that mean nothing, or that had another meaning once. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { didYouMean, error, warning } from './message.ts';

export function unknownIdentifier(span: Span, name: string, near: string | undefined): Diagnostic {
  return error('unknown-identifier', span, `Unknown identifier: '${name}'`, [didYouMean(near)]);
}

export function unknownFunction(span: Span, name: string, near: string | undefined): Diagnostic {
  return error('unknown-function', span, `Unknown function: '${name}'`, [didYouMean(near)]);
}

export function undefinedMap(span: Span, name: string, near: string | undefined): Diagnostic {
  return error('undefined-map', span, `Undefined map: ${name}`, [didYouMean(near)]);
}

export function undefinedVariable(span: Span, name: string, near: string | undefined): Diagnostic {
  const hint = near === undefined ? undefined : didYouMean(`$${near}`);
  return error('undefined-variable', span, `Undefined or undeclared variable: $${name}`, [hint]);
}

/** Its address is taken, and nothing says of what. */
export function untypedVariable(span: Span, name: string): Diagnostic {
  return error('untyped-variable', span, `No type available for variable $${name}`);
}

export function unknownSymbol(span: Span, name: string): Diagnostic {
  return error('unknown-symbol', span, `Failed to resolve kernel symbol: ${name}`, [
    'Only what /proc/kallsyms lists has an address. Variables are there if the kernel was built with CONFIG_KALLSYMS_ALL.',
  ]);
}

export function unknownCgroup(span: Span, path: string): Diagnostic {
  return error('unknown-cgroup', span, `Failed to find cgroup: ${path}`);
}

export function deprecatedName(span: Span, old: string, current: string): Diagnostic {
  return warning(
    'deprecated-name',
    span,
    `${old} is deprecated and will be removed in the future.`,
    [`Use ${current} instead.`],
  );
}

export function notSupportedYet(span: Span, what: string, hint?: string): Diagnostic {
  return error('not-supported-yet', span, `${what} is not supported yet`, [hint]);
}
