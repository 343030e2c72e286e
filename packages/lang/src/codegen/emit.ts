/** Allocated programs to instructions: each virtual register becomes its machine register, each slot an offset from r10. */
import {
  add,
  and,
  arsh,
  atomicAdd,
  div,
  exit,
  fetchAdd,
  fetchAnd,
  fetchOr,
  fetchXor,
  invariant,
  ja,
  jeq,
  jge,
  jgt,
  jle,
  jlt,
  jne,
  jset,
  jsge,
  jsgt,
  jsle,
  jslt,
  labelled,
  ldx,
  loadMap,
  loadMapValue,
  lsh,
  mod,
  mov,
  mov32,
  mul,
  or,
  R0,
  R10,
  rsh,
  sdiv,
  smod,
  sourced,
  st,
  stx,
  sub,
  toBigEndian,
  xor,
  add32,
  and32,
  arsh32,
  div32,
  lsh32,
  mod32,
  mul32,
  or32,
  rsh32,
  sdiv32,
  smod32,
  sub32,
  xor32,
  type AluBuilder,
  type AtomicSize,
  type Instruction,
  type JumpBuilder,
  type Register,
} from '@bpfleet/bpf/asm';
import type { AllocatedProgram } from './allocate-registers.ts';
import { emitCall, loadImmediate } from './emit-call.ts';
import type {
  Address,
  ArithmeticOperator,
  AtomicOperation,
  Comparison,
  IrOperation,
  VirtualRegister,
} from './ir.ts';
import { readsOf } from './operand-access.ts';
import { usedSlots } from './used-slots.ts';
import { layOutFrame, type StackFrame } from './stack-frame.ts';

const arithmetic64: Readonly<Record<ArithmeticOperator, AluBuilder>> = {
  mov,
  add,
  sub,
  mul,
  div,
  mod,
  sdiv,
  smod,
  and,
  or,
  xor,
  lsh,
  rsh,
  arsh,
};
const arithmetic32: Readonly<Record<ArithmeticOperator, AluBuilder>> = {
  mov: mov32,
  add: add32,
  sub: sub32,
  mul: mul32,
  div: div32,
  mod: mod32,
  sdiv: sdiv32,
  smod: smod32,
  and: and32,
  or: or32,
  xor: xor32,
  lsh: lsh32,
  rsh: rsh32,
  arsh: arsh32,
};
const comparisons: Readonly<Record<Comparison, JumpBuilder>> = {
  eq: jeq,
  ne: jne,
  gt: jgt,
  ge: jge,
  lt: jlt,
  le: jle,
  sgt: jsgt,
  sge: jsge,
  slt: jslt,
  sle: jsle,
  set: jset,
};
type AtomicBuilder = (
  size: AtomicSize,
  dst: Register,
  offset: number,
  src: Register,
) => Instruction;
const fetching: Readonly<Record<AtomicOperation, AtomicBuilder>> = {
  add: fetchAdd,
  or: fetchOr,
  and: fetchAnd,
  xor: fetchXor,
};

export interface EmittedProgram {
  readonly instructions: readonly Instruction[];
  readonly frameBytes: number;
}

/** `name` labels the first instruction, for those that call it. */
export function emit(program: AllocatedProgram, name?: string): EmittedProgram {
  const frame = layOutFrame(usedSlots(program.instructions, program.slots));
  const read = new Set(program.instructions.flatMap(({ operation }) => readsOf(operation)));
  const emitter = new Emitter(program, frame, read);
  const instructions: Instruction[] = [];
  let labels: string[] = name === undefined ? [] : [name];
  program.instructions.forEach(({ operation, source }, index) => {
    if (operation.kind === 'label') {
      labels.push(operation.name);
      return;
    }
    const jumps = operation.kind === 'jump' || operation.kind === 'branch';
    if (jumps && isNext(program, index, operation.target)) return;
    for (const plain of emitter.emit(operation)) {
      const line = source === undefined ? plain : sourced(source, plain);
      const [label, ...others] = labels;
      emitter.addAliases(label, others);
      instructions.push(label === undefined ? line : labelled(label, line));
      labels = [];
    }
  });
  invariant(labels.length === 0, `emit: label ${labels[0] ?? ''} at the end of the program`);
  return { instructions: emitter.resolveAliases(instructions), frameBytes: frame.sizeBytes };
}

/** Do only labels lie between this instruction and the label? */
function isNext(program: AllocatedProgram, index: number, label: string): boolean {
  for (let at = index + 1; at < program.instructions.length; at++) {
    const operation = program.instructions[at]?.operation;
    if (operation?.kind !== 'label') return false;
    if (operation.name === label) return true;
  }
  return false;
}

class Emitter {
  readonly #program: AllocatedProgram;
  readonly #frame: StackFrame;
  readonly #read: ReadonlySet<VirtualRegister>;
  /** Labels at one place are one label. */
  readonly #aliases = new Map<string, string>();

  constructor(program: AllocatedProgram, frame: StackFrame, read: ReadonlySet<VirtualRegister>) {
    this.#program = program;
    this.#frame = frame;
    this.#read = read;
  }

  addAliases(label: string | undefined, others: readonly string[]): void {
    if (label === undefined) return;
    for (const other of others) this.#aliases.set(other, label);
  }

  resolveAliases(instructions: readonly Instruction[]): Instruction[] {
    return instructions.map((instruction) => {
      const { target } = instruction;
      const label = target === undefined ? undefined : this.#aliases.get(target);
      return label === undefined ? instruction : { ...instruction, target: label };
    });
  }

  emit(operation: IrOperation): Instruction[] {
    switch (operation.kind) {
      case 'entry':
        return this.#move(this.#register(operation.dst), (operation.argument + 1) as Register);
      case 'move': {
        const dst = this.#register(operation.dst);
        return typeof operation.src === 'bigint'
          ? [loadImmediate(dst, operation.src)]
          : this.#move(dst, this.#register(operation.src));
      }
      case 'arithmetic':
        return [this.#arithmetic(operation)];
      case 'swap':
        // All architectures that bpfleet runs on are little-endian.
        return [toBigEndian(operation.bits, this.#register(operation.dst))];
      case 'load': {
        const { base, offset } = this.#address(operation.address);
        return [ldx(operation.size, this.#register(operation.dst), base, offset)];
      }
      case 'store':
        return [this.#store(operation)];
      case 'atomic':
        return [this.#atomic(operation)];
      case 'address-of': {
        const { base, offset } = this.#address(operation.address);
        const dst = this.#register(operation.dst);
        return [...this.#move(dst, base), ...(offset === 0 ? [] : [add.imm(dst, offset)])];
      }
      case 'map-value':
        return [loadMapValue(this.#register(operation.dst), operation.map, operation.offset)];
      case 'map-pointer':
        return [loadMap(this.#register(operation.dst), operation.map)];
      case 'call': {
        const resultIsRead = operation.result !== undefined && this.#read.has(operation.result);
        const registerOf = (register: VirtualRegister): Register => this.#register(register);
        return emitCall(operation, registerOf, resultIsRead, this.#frame);
      }
      case 'label':
        return [];
      case 'jump':
        return [ja(operation.target)];
      case 'branch': {
        const builder = comparisons[operation.comparison];
        const left = this.#register(operation.left);
        return typeof operation.right === 'bigint'
          ? [builder.imm(left, Number(operation.right), operation.target)]
          : [builder.reg(left, this.#register(operation.right), operation.target)];
      }
      case 'return':
        return typeof operation.value === 'bigint'
          ? [loadImmediate(R0, operation.value), exit()]
          : [...this.#move(R0, this.#register(operation.value)), exit()];
    }
  }

  #register(register: VirtualRegister): Register {
    const found = this.#program.registers.get(register);
    invariant(found !== undefined, `emit: virtual register ${register} has no place`);
    return found;
  }

  #address(address: Address): { base: Register; offset: number } {
    return address.kind === 'register'
      ? { base: this.#register(address.register), offset: address.offset }
      : { base: R10, offset: this.#frame.offsetOf(address.slot) + address.offset };
  }

  #move(dst: Register, src: Register): Instruction[] {
    return dst === src ? [] : [mov.reg(dst, src)];
  }

  #arithmetic(operation: Extract<IrOperation, { kind: 'arithmetic' }>): Instruction {
    const table = operation.width === 64 ? arithmetic64 : arithmetic32;
    const builder = table[operation.operator];
    const dst = this.#register(operation.dst);
    return typeof operation.src === 'bigint'
      ? builder.imm(dst, Number(operation.src))
      : builder.reg(dst, this.#register(operation.src));
  }

  #store(operation: Extract<IrOperation, { kind: 'store' }>): Instruction {
    const { base, offset } = this.#address(operation.address);
    return typeof operation.value === 'bigint'
      ? st(operation.size, base, offset, Number(operation.value))
      : stx(operation.size, base, offset, this.#register(operation.value));
  }

  #atomic(operation: Extract<IrOperation, { kind: 'atomic' }>): Instruction {
    const { base, offset } = this.#address(operation.address);
    const value = this.#register(operation.value);
    return operation.fetch || operation.operation !== 'add'
      ? fetching[operation.operation](operation.size, base, offset, value)
      : atomicAdd(operation.size, base, offset, value);
  }
}
