/** Parameters that stand for types: `macro m(t) { sizeof(t*) }`, called as `m(typeof(struct foo))`. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { badFieldReplacement, badTypeReplacement } from '../diagnostics/messages/macros.ts';
import type { Span } from '../source.ts';
import type { Expression, OffsetOf, TypeName } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import type { MacroArgument } from './macro-registry.ts';
import { withOrigin } from './with-origin.ts';

/** What `typeof(…)` holds, if the argument is one. */
export function typeArgument(
  argument: MacroArgument | undefined,
): TypeName | Expression | undefined {
  if (argument?.kind !== 'type-name') return undefined;
  return typeof argument.base === 'string' ? argument : argument.base.argument;
}

/** A type as written in the body, its parameters replaced. */
export function replaceType(written: TypeName, frame: Frame, diagnostics: Diagnostics): TypeName {
  const { tag, base, derivations } = written;
  if (typeof base !== 'string') return written;
  const argument = frame.expressions.get(base);
  if (argument === undefined) return written;
  const replaced = replacement(argument, tag);
  if (replaced !== undefined) {
    const { expandedFrom } = written.span;
    const inner = expandedFrom === undefined ? replaced : withOrigin(replaced, written.span);
    return { ...inner, derivations: [...inner.derivations, ...derivations] };
  }
  const { macro } = frame.definition;
  diagnostics.add(badTypeReplacement(argument.span, macro.name, base, typeText(written, base)));
  return written;
}

/** After `struct` there must be a name; elsewhere any type does. */
function replacement(argument: MacroArgument, tag: TypeName['tag']): TypeName | undefined {
  const given = argument.kind === 'identifier' ? argument : typeArgument(argument);
  if (given === undefined) return undefined;
  if (given.kind === 'identifier') return named(given.name, given.span, tag);
  if (given.kind !== 'type-name') {
    return tag === undefined && argument.kind === 'type-name' ? argument : undefined;
  }
  if (tag === undefined) return given;
  const plain = given.tag === undefined && given.derivations.length === 0;
  return plain && typeof given.base === 'string' ? named(given.base, given.span, tag) : undefined;
}

function typeText({ tag, derivations }: TypeName, base: string): string {
  const suffixes = derivations.map((derivation) =>
    derivation.kind === 'pointer' ? '*' : `[${derivation.size ?? ''}]`,
  );
  return `${tag === undefined ? '' : `${tag} `}${base}${suffixes.join('')}`;
}

function named(base: string, span: Span, tag: TypeName['tag']): TypeName {
  return { kind: 'type-name', span, tag, base, derivations: [] };
}

/** The path in `offsetof(type, path)`, which a parameter may stand for as a whole. */
export function replacePath(
  { path }: OffsetOf,
  frame: Frame,
  diagnostics: Diagnostics,
): readonly string[] {
  const [only] = path;
  const argument = only === undefined || path.length > 1 ? undefined : frame.expressions.get(only);
  if (argument?.kind === 'identifier') return [argument.name];
  if (argument?.kind !== 'field') return path;
  const names = fieldNames(argument);
  if (names !== undefined) return names;
  diagnostics.add(badFieldReplacement(argument.span));
  return path;
}

function fieldNames(expression: Expression): readonly string[] | undefined {
  if (expression.kind === 'identifier') return [expression.name];
  if (expression.kind !== 'field') return undefined;
  const before = fieldNames(expression.object);
  return before === undefined ? undefined : [...before, expression.field];
}
