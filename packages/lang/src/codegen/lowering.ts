/** The state of lowering one probe's body, passed to every function of this folder that writes code. */
import { invariant } from '@bpfleet/bpf/asm';
import type { CheckedProbe, CheckedProgram } from '../analysis/checked-program.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import type { Span } from '../source.ts';
import type { Type } from '../types/type.ts';
import type { Arch } from '../arch/arch.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import type { IrBuilder } from './ir-builder.ts';
import type { CallableFunction } from './lower-function.ts';
import type { Scratch } from './scratch.ts';
import type { SessionPlan } from './session-plan.ts';
import type { Value } from './value.ts';

/** Where a variable of the program lives. */
export type VariableHome =
  /** A scalar's 64 bits in memory, where callbacks reach it too. */
  | { readonly kind: 'stored'; readonly address: Address; readonly type: Type }
  | { readonly kind: 'register'; readonly register: VirtualRegister; readonly type: Type }
  | { readonly kind: 'memory'; readonly address: Address; readonly type: Type };

export interface LoopLabels {
  readonly breakTo: string;
  readonly continueTo: string;
}

/** What each function of a program has for itself. */
export interface FunctionParts {
  readonly b: IrBuilder;
  readonly scratch: Scratch;
  readonly variables: ReadonlyMap<string, VariableHome>;
  readonly loops: LoopLabels[];
  readonly exit: string;
  /** Holds what the program returns, where somebody asks. */
  readonly result: VariableHome | undefined;
  /** In a function that may call `exit()`: where in scratch it says so. */
  readonly leaving: number | undefined;
}

export interface Lowering extends FunctionParts {
  readonly program: CheckedProgram;
  readonly probe: CheckedProbe;
  readonly session: SessionPlan;
  readonly arch: Arch;
  /** The stack was too small for the probe: what can be elsewhere is. */
  readonly spareStack: boolean;
  /** The loops around what is being lowered, the innermost last. */
  readonly loops: LoopLabels[];
  /** Label of the way out of the program. */
  readonly exit: string;
  /** The program's own functions that were written so far. */
  readonly functions: Map<string, CallableFunction>;
  /** A function beside this one, with a part of the same body or, as `probe` says, another. */
  readonly beside: (parts: FunctionParts, probe?: CheckedProbe) => Lowering;
  /** The entries of the recursion: what writes one kind of expression calls them for its operands. */
  readonly value: (expression: Expression) => Value;
  /** Of what stays in memory, the address. */
  readonly scalar: (expression: Expression) => Operand;
  /** Writes all bytes of a value as `type` has it. */
  readonly into: (expression: Expression, to: Address, type: Type) => void;
  readonly statement: (statement: Statement) => void;
  /** The expression that is being lowered, for what is said about it while the program runs. */
  readonly place: { span: Span | undefined; statement?: Span };
}

export function typeOf(l: Lowering, expression: Expression): Type {
  const type = l.program.types.get(expression);
  invariant(type !== undefined, `lower: a ${expression.kind} has no type`);
  return type;
}
