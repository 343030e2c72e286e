/** The program's variables: scalars in registers, the rest in memory. */
import { invariant } from '@bpfleet/bpf/asm';
import type {
  AssignmentOperator,
  Expression,
  IncrementDecrement,
  Variable,
} from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import { binaryOperator, combine } from './lower-operator.ts';
import { incrementMap } from './lower-map-update.ts';
import type { Lowering, VariableHome } from './lowering.ts';
import { inScope, takeMemory, zeroBytes, copyBytes } from './memory.ts';
import { narrow } from './narrow.ts';
import { strideOf } from './stride.ts';
import { isScalar } from './type-traits.ts';
import { scalar, type Value } from './value.ts';

function homeOf(l: Lowering, name: string): VariableHome {
  const home = l.variables.get(name);
  invariant(home !== undefined, `lower: variable $${name} has no home`);
  return home;
}

export function readVariable(l: Lowering, variable: Variable): Value {
  const home = homeOf(l, variable.name);
  // A copy: what is read now must not change when the variable does.
  return home.kind === 'register'
    ? scalar(l.b.copy(home.register))
    : { kind: 'memory', address: home.address };
}

export function clearVariable(l: Lowering, variable: Variable): void {
  const home = homeOf(l, variable.name);
  if (home.kind === 'register') l.b.move(home.register, 0n);
  else zeroBytes(l, home.address, sizeOfType(home.type));
}

export function assignVariable(
  l: Lowering,
  variable: Variable,
  operator: AssignmentOperator,
  value: Expression,
): void {
  const home = homeOf(l, variable.name);
  if (home.kind === 'register') {
    const operand = l.scalar(value);
    const binary = binaryOperator(operator);
    const result =
      binary === undefined
        ? operand
        : combine(l, binary, home.register, operand, home.type, value.span);
    l.b.move(home.register, narrow(l.b, result, home.type));
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
  invariant(home.kind === 'register', `lower: $${target.name} is not in a register`);
  const old = l.b.copy(home.register);
  const by = step * strideOf(home.type);
  l.b.move(home.register, narrow(l.b, l.b.arithmetic('add', home.register, by), home.type));
  return scalar(prefix ? l.b.copy(home.register) : old);
}

/** Gives each variable of the probe its place; registers begin as zero. */
export function placeVariables(l: Lowering, homes: Map<string, VariableHome>): void {
  for (const [name, type] of l.probe.variables) {
    homes.set(
      name,
      isScalar(type)
        ? { kind: 'register', register: l.b.copy(0n), type }
        : { kind: 'memory', address: takeMemory(l, sizeOfType(type)), type },
    );
  }
}
