/** What can be wrong with the syntax of a program. The texts are bpftrace's where it has one: users match on them. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../../source.ts';
import { error } from './message.ts';

function syntax(code: string, span: Span, message: string, hint?: string): Diagnostic {
  return error(code, span, `syntax: ${message}`, [hint]);
}

/** `what` as it shall read after "expected": quoted if it is a sign, such as `';'`. */
export function expected(span: Span, what: string): Diagnostic {
  return syntax('expected', span, `expected ${what}`);
}

// ── order of a program ─────────────────────────────────────────────────────────────────────────────

export function lateDefinition(span: Span): Diagnostic {
  return syntax('late-c-definition', span, 'C definitions must appear before probes and functions');
}

export function lateConfig(span: Span): Diagnostic {
  return syntax('late-config', span, 'config must appear before probes and functions');
}

export function duplicateConfig(span: Span): Diagnostic {
  return syntax('duplicate-config', span, 'duplicate config block');
}

export function lateImport(span: Span): Diagnostic {
  return syntax('late-import', span, 'root imports must appear before probes and functions');
}

export function rootLet(span: Span): Diagnostic {
  return syntax(
    'root-let',
    span,
    'root-level let statements need to be map declarations, e.g. let @a = hash(2);',
  );
}

export function unbalancedAttribute(span: Span): Diagnostic {
  return syntax('bad-attribute', span, "__attribute__ syntax error, mismatched '(' and ')'");
}

export function malformedAttribute(span: Span): Diagnostic {
  return syntax('bad-attribute', span, "__attribute__ syntax error, expected '(('");
}

// ── literals ───────────────────────────────────────────────────────────────────────────────────────

export function badInteger(span: Span, why: string): Diagnostic {
  return syntax('bad-integer', span, why);
}

export function unterminatedString(span: Span): Diagnostic {
  return syntax('unterminated-string', span, 'unterminated string');
}

export function badEscape(span: Span, why: string): Diagnostic {
  return syntax('bad-escape', span, why);
}

export function badPositional(span: Span, digits: string): Diagnostic {
  return syntax(
    'bad-positional',
    span,
    `param $${digits} is out of integer range [1, 9223372036854775807]`,
  );
}

// ── statements and expressions ─────────────────────────────────────────────────────────────────────

export function invalidTarget(span: Span): Diagnostic {
  return syntax('invalid-assignment-target', span, 'invalid assignment target');
}

export function immutableTarget(span: Span): Diagnostic {
  return syntax(
    'immutable-target',
    span,
    'Tuples and records are immutable once created. ' +
      'Consider creating a new value and assigning it instead.',
  );
}

export function invalidIncrement(span: Span): Diagnostic {
  return syntax('invalid-increment', span, 'increment/decrement requires a variable or map');
}

export function invalidAddressOf(span: Span): Diagnostic {
  return syntax(
    'invalid-address-of',
    span,
    'address-of operator (&) can only be used on a map or variable',
  );
}

export function duplicateField(span: Span, name: string): Diagnostic {
  return syntax('duplicate-field', span, `Named argument list already contains name: ${name}`);
}

export function builtinAsParameter(span: Span, name: string): Diagnostic {
  return syntax(
    'builtin-as-parameter',
    span,
    `builtin '${name}' can't be used as a macro argument`,
  );
}

export function nestedTooDeeply(span: Span, limit: number): Diagnostic {
  return syntax(
    'nested-too-deeply',
    span,
    `nested more than ${limit} levels deep`,
    'keep intermediate results in variables',
  );
}

export function programTooLong(span: Span, limit: number): Diagnostic {
  return syntax(
    'program-too-long',
    span,
    `a program has at most ${limit} words and signs, and this one goes on`,
    'split it into several programs',
  );
}
