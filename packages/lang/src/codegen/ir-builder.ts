/** Appends operations to a program under construction: registers, labels, stack slots, source lines, cold code. */
import type { SourceLine } from '@bpfleet/bpf/asm';
import type {
  AccessSize,
  Address,
  ArithmeticOperator,
  AtomicOperation,
  CallArgument,
  Callee,
  Comparison,
  IrFunction,
  IrInstruction,
  IrOperation,
  IrProgram,
  Operand,
  VirtualRegister,
} from './ir.ts';
import { SlotPool } from './slot-pool.ts';

/** Operators that give their left side if the right is 0. */
const unchangedByZero: ReadonlySet<ArithmeticOperator> = new Set([
  'add',
  'sub',
  'or',
  'xor',
  'lsh',
  'rsh',
  'arsh',
]);

/** Instructions of a body after which its cold code is not put behind its end any more. */
const MAX_TO_COLD = 4000;

export interface FunctionShape {
  /** How many arguments arrive: they are the first registers. */
  readonly arguments: number;
  /** Share of the frame for values; spilled registers come on top. */
  readonly stackBytes?: number;
}

/** What all functions of one program have in common. */
interface ProgramParts {
  labels: number;
  readonly functions: Map<string, IrFunction>;
}

export class IrBuilder {
  /** The pointer to the context, wherever the function has it from. */
  context: VirtualRegister = 0;
  readonly #shape: FunctionShape;
  readonly #parts: ProgramParts;
  #registerCount: number;
  readonly #slots: SlotPool;
  /** What runs first; then, once, the prologue; then the body. */
  #opening: IrInstruction[] = [];
  readonly #prologue: IrInstruction[] = [];
  #body: IrInstruction[] = [];
  #current: IrInstruction[] = this.#body;
  #source: SourceLine | undefined;
  #cold: { readonly source: SourceLine | undefined; readonly write: () => void }[] = [];
  /** How long the body was when cold code was last written. */
  #lengthWhenCold = 0;

  constructor(
    shape: FunctionShape = { arguments: 1 },
    parts: ProgramParts = { labels: 0, functions: new Map() },
  ) {
    this.#shape = shape;
    this.#parts = parts;
    this.#registerCount = shape.arguments;
    this.#slots = new SlotPool(shape.stackBytes);
  }

  /** A function beside this one in the same program. */
  beside(shape: FunctionShape): IrBuilder {
    const beside = new IrBuilder({ ...this.#shape, ...shape }, this.#parts);
    beside.from(this.#source);
    return beside;
  }

  /** Adds a function that was written beside this one. */
  addFunction(name: string, written: IrFunction): void {
    this.#parts.functions.set(name, written);
  }

  register(): VirtualRegister {
    return this.#registerCount++;
  }

  label(hint: string): string {
    return `${hint}_${++this.#parts.labels}`;
  }

  /** What follows comes from this line of the user's program. */
  from(source: SourceLine | undefined): void {
    this.#source = source;
  }

  /** What `write` appends comes from there. */
  within(source: SourceLine, write: () => void): void {
    const outer = this.#source;
    this.#source = source;
    write();
    this.#source = outer;
  }

  /** Memory in the stack frame until the enclosing `scope` ends; undefined where the frame has no room for it. */
  temporary(sizeBytes: number): Address | undefined {
    const slot = this.#slots.take(sizeBytes);
    return slot === undefined ? undefined : { kind: 'slot', slot, offset: 0 };
  }

  /** As `temporary`, for what cannot be anywhere else. */
  onStack(sizeBytes: number): Address {
    return { kind: 'slot', slot: this.#slots.insist(sizeBytes), offset: 0 };
  }

  /** Memory taken in `write` is free for others after it. */
  scope<Result>(write: () => Result): Result {
    const mark = this.#slots.mark();
    const result = write();
    this.#slots.release(mark);
    return result;
  }

  /**
   * Puts the prologue here instead of at the program's start: all that needs it comes after, and only runs that get
   * here pay for it. Too late once the prologue is in use.
   */
  openHere(): void {
    if (this.#prologue.length > 0) return;
    this.#opening = [...this.#opening, ...this.#body];
    this.#body = [];
    this.#current = this.#body;
  }

  /** Code that runs before what needs it, once per run of the program. */
  prologue(write: () => void): void {
    const outer = this.#current;
    this.#current = this.#prologue;
    write();
    this.#current = outer;
  }

  /** Writes code behind the program's end, where it does not stand in the way of what usually runs. */
  cold(write: () => void): void {
    this.#cold.push({ source: this.#source, write });
  }

  hasFunction(name: string): boolean {
    return this.#parts.functions.has(name);
  }

  /** Instructions written so far for this function. */
  get length(): number {
    return this.#opening.length + this.#prologue.length + this.#body.length;
  }

  /** Between statements of a long body: writes here the cold code of those before, so that jumps to it stay short. */
  keepColdNear(): void {
    if (this.#current !== this.#body) return;
    if (this.#cold.length === 0) return;
    if (this.#body.length < this.#lengthWhenCold + MAX_TO_COLD) return;
    const source = this.#source;
    const on = this.label('on');
    this.jump(on);
    this.#writeCold();
    this.#source = source;
    this.place(on);
    this.#lengthWhenCold = this.#body.length;
  }

  /** Cold code may have colder code. */
  #writeCold(): void {
    for (let index = 0; index < this.#cold.length; index++) {
      const cold = this.#cold[index];
      this.#source = cold?.source;
      this.#slots.separately(() => cold?.write());
    }
    this.#cold = [];
  }

  /** The program; `end` writes what stands between the body and the cold code. */
  finish(end: () => void): IrProgram {
    end();
    this.#writeCold();
    const entries = Array.from({ length: this.#shape.arguments }, (_, index): IrInstruction => {
      return { operation: { kind: 'entry', dst: index, argument: index }, source: undefined };
    });
    return {
      instructions: [...entries, ...this.#opening, ...this.#prologue, ...this.#body],
      registerCount: this.#registerCount,
      slots: this.#slots.slots,
      functions: this.#parts.functions,
    };
  }

  #add(operation: IrOperation): void {
    this.#current.push({ operation, source: this.#source });
  }

  move(dst: VirtualRegister, src: Operand): void {
    if (dst !== src) this.#add({ kind: 'move', dst, src });
  }

  /** The operand in a register of its own, which may be changed. */
  copy(src: Operand): VirtualRegister {
    const dst = this.register();
    this.move(dst, src);
    return dst;
  }

  /** The operand in a register, which must not be changed. */
  toRegister(operand: Operand): VirtualRegister {
    return typeof operand === 'number' ? operand : this.copy(operand);
  }

  /** `left OP right` in a new register. */
  arithmetic(operator: ArithmeticOperator, left: Operand, right: Operand): VirtualRegister {
    const dst = this.copy(left);
    this.apply(operator, dst, right);
    return dst;
  }

  /** `dst = dst OP src` */
  apply(operator: ArithmeticOperator, dst: VirtualRegister, src: Operand): void {
    if (src === 0n && unchangedByZero.has(operator)) return;
    this.#add({ kind: 'arithmetic', operator, width: 64, dst, src: this.#immediate32(src) });
  }

  /** So many of the low bits, their bytes turned around, in a new register. */
  swap(operand: Operand, bits: 16 | 32 | 64): VirtualRegister {
    const dst = this.copy(operand);
    this.#add({ kind: 'swap', bits, dst });
    return dst;
  }

  /** The low half, zero-extended. */
  low32(operand: Operand): VirtualRegister {
    const dst = this.register();
    const src = this.#immediate32(operand);
    this.#add({ kind: 'arithmetic', operator: 'mov', width: 32, dst, src });
    return dst;
  }

  load(size: AccessSize, address: Address): VirtualRegister {
    const near = this.#near(address);
    const dst = this.register();
    this.#add({ kind: 'load', size, dst, address: near });
    return dst;
  }

  store(size: AccessSize, address: Address, value: Operand): void {
    const narrowed = typeof value === 'bigint' ? BigInt.asIntN(size * 8, value) : value;
    const near = this.#near(address);
    this.#add({ kind: 'store', size, address: near, value: this.#immediate32(narrowed) });
  }

  /** Returns the old value if `fetch`. */
  atomic(
    operation: AtomicOperation,
    size: 4 | 8,
    address: Address,
    operand: Operand,
    fetch: boolean,
  ): VirtualRegister {
    const value = fetch ? this.copy(operand) : this.toRegister(operand);
    // Only addition has a form without fetching, and fetching replaces the operand.
    const fetches = fetch || operation !== 'add';
    const own = fetches && !fetch ? this.copy(value) : value;
    const near = this.#near(address);
    this.#add({ kind: 'atomic', operation, size, address: near, value: own, fetch: fetches });
    return own;
  }

  addressOf(address: Address): VirtualRegister {
    if (address.kind === 'register' && address.offset === 0) return address.register;
    const dst = this.register();
    this.#add({ kind: 'address-of', dst, address });
    return dst;
  }

  mapValue(map: string, offset = 0): VirtualRegister {
    const dst = this.register();
    this.#add({ kind: 'map-value', dst, map, offset });
    return dst;
  }

  mapPointer(map: string): VirtualRegister {
    const dst = this.register();
    this.#add({ kind: 'map-pointer', dst, map });
    return dst;
  }

  call(callee: Callee, ...args: readonly CallArgument[]): VirtualRegister {
    const result = this.register();
    this.#add({ kind: 'call', callee, arguments: args, result });
    return result;
  }

  place(label: string): void {
    this.#add({ kind: 'label', name: label });
  }

  jump(target: string): void {
    this.#add({ kind: 'jump', target });
  }

  /** Goes to `target` if `left COMPARISON right`. */
  branch(comparison: Comparison, left: Operand, right: Operand, target: string): void {
    const register = this.toRegister(left);
    const operand = this.#immediate32(right);
    this.#add({ kind: 'branch', comparison, left: register, right: operand, target });
  }

  return(value: Operand): void {
    this.#add({ kind: 'return', value });
  }

  /** Instructions have room for 16 bits of offset; what lies farther off needs a register. */
  #near(address: Address): Address {
    if (BigInt.asIntN(16, BigInt(address.offset)) === BigInt(address.offset)) return address;
    return { kind: 'register', register: this.addressOf(address), offset: 0 };
  }

  /** Instructions have room for 32 bits, sign-extended; wider immediates need a register. */
  #immediate32(operand: Operand): Operand {
    if (typeof operand === 'number') return operand;
    const signed = BigInt.asIntN(64, operand);
    return BigInt.asIntN(32, signed) === signed ? signed : this.copy(signed);
  }
}
