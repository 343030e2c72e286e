/**
 * What the kernel takes back from an iterator's program only as it gave it: the address of a member of what is walked over,
 * such as `ctx.file.f_path`. Reading memory by a helper, as programs do elsewhere, makes a plain number of it.
 */
import { invariant } from '@bpfleet/bpf/asm';
import type { Expression, FieldAccess } from '../syntax/ast.ts';
import type { Address, VirtualRegister } from './ir.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { definitionOf } from './definition-of.ts';
import { at, pointing } from './memory.ts';

/** Undefined for what does not begin at `ctx`. Goes to `none` at a null pointer. */
export function givenAddress(
  l: Lowering,
  expression: Expression,
  none: string,
): Address | undefined {
  if (l.probe.context !== 'iter') return undefined;
  if (expression.kind === 'identifier') {
    return expression.name === 'ctx' ? pointing(l.b.context) : undefined;
  }
  if (expression.kind === 'variable') {
    const value = definitionOf(l.probe.body, expression);
    return value === undefined ? undefined : givenAddress(l, value, none);
  }
  if (expression.kind !== 'field') return undefined;
  const { object } = expression;
  const base =
    typeOf(l, object).kind === 'pointer' && !isContext(object)
      ? followed(l, object, none)
      : givenAddress(l, object, none);
  return base === undefined ? undefined : at(base, offsetIn(l, expression));
}

function followed(l: Lowering, pointer: Expression, none: string): Address | undefined {
  const place = givenAddress(l, pointer, none);
  if (place === undefined) return undefined;
  const target: VirtualRegister = l.b.load(8, place);
  l.b.branch('eq', target, 0n, none);
  return pointing(target);
}

function isContext(expression: Expression): boolean {
  return expression.kind === 'identifier' && expression.name === 'ctx';
}

/** Of a member in what it is a member of. */
export function offsetIn(l: Lowering, { object, field }: FieldAccess): number {
  const type = typeOf(l, object);
  const struct = type.kind === 'pointer' ? type.target : type;
  invariant(struct.kind === 'struct', 'lower: a member is one of a struct');
  const found = struct.struct.fields.find(({ name }) => name === field);
  invariant(found !== undefined, `lower: ${struct.struct.name} has no ${field}`);
  return found.offset;
}
