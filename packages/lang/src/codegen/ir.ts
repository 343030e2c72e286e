/**
 * The intermediate representation: real BPF operations over any number of virtual registers, any number of stack
 * slots and named labels. Register allocation and frame layout turn it into instructions.
 */
import type { HelperName, SourceLine } from '@bpfleet/bpf/asm';

/** Number of a virtual register. It may be written more than once; each is 64 bits wide. */
export type VirtualRegister = number;

/** A number is a virtual register, a bigint an immediate. */
export type Operand = VirtualRegister | bigint;

/** Number of an object in the stack frame. */
export type StackSlot = number;

/** A place that loads and stores reach directly: stack, map values, records, the context. */
export type Address =
  | { readonly kind: 'register'; readonly register: VirtualRegister; readonly offset: number }
  | { readonly kind: 'slot'; readonly slot: StackSlot; readonly offset: number };

export type AccessSize = 1 | 2 | 4 | 8;

export type ArithmeticOperator =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod'
  | 'sdiv'
  | 'smod'
  | 'and'
  | 'or'
  | 'xor'
  | 'lsh'
  | 'rsh'
  | 'arsh'
  | 'mov';

export type Comparison =
  'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'sgt' | 'sge' | 'slt' | 'sle' | 'set';

export type AtomicOperation = 'add' | 'or' | 'and' | 'xor';

/** What a helper is given: a value, the address of a place, or a map. */
export type CallArgument =
  | Operand
  | Address
  | { readonly kind: 'map'; readonly map: string }
  | { readonly kind: 'map-value'; readonly map: string; readonly offset: number }
  /** A function beside the main program, called back by the helper. */
  | { readonly kind: 'function'; readonly function: string }
  /** The value in a slot: a register that was spilled. */
  | { readonly kind: 'spilled'; readonly slot: StackSlot };

/** A helper by its name, a function of this program, or one of the kernel. */
export type Callee = HelperName | { readonly function: string } | { readonly kfunc: string };

export type IrOperation =
  /** An argument arrives, by its number from 0 (the main program has one, the context); before all other operations. */
  | { readonly kind: 'entry'; readonly dst: VirtualRegister; readonly argument: number }
  | { readonly kind: 'move'; readonly dst: VirtualRegister; readonly src: Operand }
  /** `dst = dst OP src`; 32-bit forms clear the high half. */
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly width: 32 | 64;
      readonly dst: VirtualRegister;
      readonly src: Operand;
    }
  /** `dst` is cut to so many bits, and its bytes are turned around. */
  | { readonly kind: 'swap'; readonly bits: 16 | 32 | 64; readonly dst: VirtualRegister }
  /** Zero-extends. */
  | {
      readonly kind: 'load';
      readonly size: AccessSize;
      readonly dst: VirtualRegister;
      readonly address: Address;
    }
  | {
      readonly kind: 'store';
      readonly size: AccessSize;
      readonly address: Address;
      readonly value: Operand;
    }
  /** With `fetch` the old value replaces `value`. */
  | {
      readonly kind: 'atomic';
      readonly operation: AtomicOperation;
      readonly size: 4 | 8;
      readonly address: Address;
      readonly value: VirtualRegister;
      readonly fetch: boolean;
    }
  /** `dst` becomes the address itself. */
  | { readonly kind: 'address-of'; readonly dst: VirtualRegister; readonly address: Address }
  /** Address of a byte in element 0 of an array map. */
  | {
      readonly kind: 'map-value';
      readonly dst: VirtualRegister;
      readonly map: string;
      readonly offset: number;
    }
  /** What the kernel knows a map by. */
  | { readonly kind: 'map-pointer'; readonly dst: VirtualRegister; readonly map: string }
  | {
      readonly kind: 'call';
      readonly callee: Callee;
      readonly arguments: readonly CallArgument[];
      readonly result: VirtualRegister | undefined;
    }
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'jump'; readonly target: string }
  | {
      readonly kind: 'branch';
      readonly comparison: Comparison;
      readonly left: VirtualRegister;
      readonly right: Operand;
      readonly target: string;
    }
  | { readonly kind: 'return'; readonly value: Operand };

export interface IrInstruction {
  readonly operation: IrOperation;
  readonly source: SourceLine | undefined;
}

export interface IrSlot {
  /** A multiple of 8. */
  readonly sizeBytes: number;
}

/** Code with registers and a stack frame of its own. */
export interface IrFunction {
  readonly instructions: readonly IrInstruction[];
  /** Registers are numbered from 0 to one below this. */
  readonly registerCount: number;
  readonly slots: readonly IrSlot[];
}

/** One kernel program: its main function, and those that it or helpers call, by name. */
export interface IrProgram extends IrFunction {
  readonly functions: ReadonlyMap<string, IrFunction>;
}
