/** The program's variables: scalars in registers, the rest in memory. */
import { invariant } from '@bpfleet/bpf/asm';
import type { Expression, IncrementDecrement, Variable } from '../syntax/ast.ts';
import type { AssignmentOperator } from '../syntax/operators.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { Address, Operand } from './ir.ts';
import { binaryOperator, combine } from './lower-operator.ts';
import { incrementMap } from './lower-map-update.ts';
import type { Lowering, VariableHome } from './lowering.ts';
import { inScope, takeMemory, zeroBytes, copyBytes } from './memory.ts';
import { narrow } from './narrow.ts';
import { strideOf } from './stride.ts';
import { scalarBytes } from './type-traits.ts';
import { scalar, type Value } from './value.ts';
import { writeValue } from './write-value.ts';

function homeOf(l: Lowering, name: string): VariableHome {
  const home = l.variables.get(name);
  invariant(home !== undefined, `lower: variable $${name} has no home`);
  return home;
}

export function readVariable(l: Lowering, variable: Variable): Value {
  const home = homeOf(l, variable.name);
  // A copy: what is read now must not change when the variable does.
  if (home.kind === 'register') return scalar(l.b.copy(home.register));
  if (home.kind === 'stored') return scalar(l.b.load(8, home.address));
  return { kind: 'memory', address: home.address };
}

/** Gives a scalar variable its value. */
export function setVariable(l: Lowering, name: string, value: Operand): void {
  setHome(l, homeOf(l, name), value);
}

/** Gives a variable the value of this type that is in memory. */
export function copyToVariable(l: Lowering, name: string, from: Address, type: Type): void {
  const home = homeOf(l, name);
  if (home.kind === 'memory') {
    writeValue(l, { kind: 'memory', address: from }, type, home.address, home.type);
  } else setHome(l, home, narrow(l.b, l.b.load(scalarBytes(type), from), type));
}

export function setHome(l: Lowering, home: VariableHome, value: Operand): void {
  if (home.kind === 'register') l.b.move(home.register, value);
  else l.b.store(8, home.address, value);
}

export function clearVariable(l: Lowering, variable: Variable): void {
  const home = homeOf(l, variable.name);
  if (home.kind !== 'memory') setVariable(l, variable.name, 0n);
  else zeroBytes(l, home.address, sizeOfType(home.type));
}

export function assignVariable(
  l: Lowering,
  variable: Variable,
  operator: AssignmentOperator,
  value: Expression,
): void {
  const home = homeOf(l, variable.name);
  if (home.kind !== 'memory') {
    const operand = l.scalar(value);
    const binary = binaryOperator(operator);
    const result =
      binary === undefined
        ? operand
        : combine(l, binary, scalarIn(l, home), operand, home.type, value.span);
    setVariable(l, variable.name, narrow(l.b, result, home.type));
    return;
  }
  inScope(l, () => {
    // The value may be made from the variable itself.
    const made = takeMemory(l, sizeOfType(home.type));
    l.into(value, made, home.type);
    copyBytes(l, home.address, made, sizeOfType(home.type));
  });
}

export function lowerIncrement(l: Lowering, expression: IncrementDecrement): Value {
  const { target, prefix } = expression;
  const step = expression.operator === '++' ? 1n : -1n;
  if (target.kind === 'map') return scalar(incrementMap(l, target, step, prefix));
  const home = homeOf(l, target.name);
  invariant(home.kind !== 'memory', `lower: $${target.name} is no scalar`);
  const old = l.b.copy(scalarIn(l, home));
  const by = step * strideOf(home.type);
  const next = narrow(l.b, l.b.arithmetic('add', old, by), home.type);
  setVariable(l, target.name, next);
  return scalar(prefix ? next : old);
}

function scalarIn(l: Lowering, home: Exclude<VariableHome, { kind: 'memory' }>): Operand {
  return home.kind === 'register' ? home.register : l.b.load(8, home.address);
}
