/**
 * How to step from a function to its caller, by address, for x86-64: what the instructions of call frame information
 * come to where the return address is on the stack and only the stack and frame pointers matter.
 */
import { Cursor } from './cursor.ts';
import { DwarfError } from './dwarf-error.ts';
import {
  readFrames,
  readPointer,
  type FrameSection,
  type FunctionFrames,
} from './frame-entries.ts';

/** Holds from its address to that of the next row. */
export interface UnwindRow {
  readonly address: number;
  /**
   * Which register the canonical frame address counts from. The return address is in the eight bytes below that
   * address, and the address is the caller's stack pointer. `unknown` where it is computed otherwise, or nothing is known.
   */
  readonly base: 'sp' | 'bp' | 'unknown';
  readonly offset: number;
  /** Where the caller's frame pointer was kept, counted from the canonical frame address; undefined where it is unchanged. */
  readonly savedBp: number | undefined;
  /** There is no caller. */
  readonly outermost: boolean;
}

type Rule = Omit<UnwindRow, 'address'>;

const RBP = 6;
const RSP = 7;
const RETURN_ADDRESS = 16;
const MAX_REMEMBERED = 64;
const NOTHING: Rule = { base: 'unknown', offset: 0, savedBp: undefined, outermost: false };

/** Sorted by address; addresses without a function have rows that say so. */
export function unwindRows(section: FrameSection): readonly UnwindRow[] {
  const functions = [...readFrames(section)]
    .filter(({ start, end }) => end > start)
    .toSorted((a, b) => a.start - b.start);
  const rows: UnwindRow[] = [];
  functions.forEach((one, index) => {
    rows.push(...functionRows(one));
    const next = functions[index + 1];
    if (next === undefined || next.start > one.end) rows.push({ ...NOTHING, address: one.end });
  });
  return rows;
}

function functionRows(frames: FunctionFrames): readonly UnwindRow[] {
  const machine = new FrameMachine(frames);
  try {
    machine.runAll();
  } catch (error) {
    if (!(error instanceof DwarfError)) throw error;
    return [{ ...NOTHING, address: frames.start }];
  }
  return machine.rows;
}

/** Runs the instructions of one function. */
class FrameMachine {
  readonly rows: UnwindRow[] = [];
  readonly #frames: FunctionFrames;
  #address: number;
  #rule: Rule = NOTHING;
  #initial: Rule = NOTHING;
  readonly #remembered: Rule[] = [];

  constructor(frames: FunctionFrames) {
    this.#frames = frames;
    this.#address = frames.start;
  }

  runAll(): void {
    this.#run(this.#frames.common.instructions);
    this.#initial = this.#rule;
    this.#run(this.#frames.instructions);
    this.#emit();
  }

  #run(instructions: Uint8Array): void {
    const cursor = new Cursor(instructions);
    while (!cursor.done) this.#step(cursor);
  }

  #emit(): void {
    const { base, offset, savedBp, outermost } = this.#rule;
    const row: UnwindRow = { address: this.#address, base, offset, savedBp, outermost };
    if (this.rows.at(-1)?.address === row.address) this.rows.pop();
    this.rows.push(row);
  }

  #advance(units: number): void {
    this.#emit();
    this.#address += units * this.#frames.common.codeAlignment;
  }

  #step(cursor: Cursor): void {
    const { dataAlignment, pointerEncoding } = this.#frames.common;
    const opcode = cursor.u8();
    const low = opcode & 0x3f;
    switch (opcode & 0xc0) {
      case 0x40:
        return this.#advance(low);
      case 0x80:
        return this.#saved(low, cursor.uleb() * dataAlignment);
      case 0xc0:
        return this.#restore(low);
      default:
    }
    switch (opcode) {
      case 0x00: // nop
        return;
      case 0x01: // set_loc
        this.#emit();
        this.#address = readPointer(cursor, pointerEncoding & 0x0f, 0);
        return;
      case 0x02: // advance_loc1
        return this.#advance(cursor.u8());
      case 0x03: // advance_loc2
        return this.#advance(cursor.u16());
      case 0x04: // advance_loc4
        return this.#advance(cursor.u32());
      case 0x05: // offset_extended
        return this.#saved(cursor.uleb(), cursor.uleb() * dataAlignment);
      case 0x06: // restore_extended
        return this.#restore(cursor.uleb());
      case 0x07: // undefined
        if (cursor.uleb() === RETURN_ADDRESS) this.#rule = { ...this.#rule, outermost: true };
        return;
      case 0x08: // same_value
        if (cursor.uleb() === RBP) this.#rule = { ...this.#rule, savedBp: undefined };
        return;
      case 0x09: // register
        this.#unsupported(cursor.uleb());
        return cursor.skipLeb();
      case 0x0a: // remember_state
        if (this.#remembered.length >= MAX_REMEMBERED)
          throw new DwarfError('dwarf: frames too deep');
        this.#remembered.push(this.#rule);
        return;
      case 0x0b: // restore_state
        this.#rule = this.#remembered.pop() ?? this.#initial;
        return;
      case 0x0c: // def_cfa
        return this.#define(cursor.uleb(), cursor.uleb());
      case 0x0d: // def_cfa_register
        return this.#define(cursor.uleb(), this.#rule.offset);
      case 0x0e: // def_cfa_offset
        return this.#count(cursor.uleb());
      case 0x0f: // def_cfa_expression
        cursor.skip(cursor.uleb());
        this.#rule = { ...this.#rule, base: 'unknown' };
        return;
      case 0x10: // expression
      case 0x16: // val_expression
        this.#unsupported(cursor.uleb());
        return cursor.skip(cursor.uleb());
      case 0x11: // offset_extended_sf
        return this.#saved(cursor.uleb(), cursor.sleb() * dataAlignment);
      case 0x12: // def_cfa_sf
        return this.#define(cursor.uleb(), cursor.sleb() * dataAlignment);
      case 0x13: // def_cfa_offset_sf
        return this.#count(cursor.sleb() * dataAlignment);
      case 0x14: // val_offset
      case 0x15: // val_offset_sf
        this.#unsupported(cursor.uleb());
        return cursor.skipLeb();
      case 0x2e: // GNU_args_size
        return cursor.skipLeb();
      default:
        throw new DwarfError(`dwarf: unknown frame instruction 0x${opcode.toString(16)}`);
    }
  }

  #define(register: number, offset: number): void {
    const base = register === RSP ? 'sp' : register === RBP ? 'bp' : 'unknown';
    const { savedBp, outermost } = this.#rule;
    this.#rule = { base, offset, savedBp, outermost };
  }

  #count(offset: number): void {
    const { base, savedBp, outermost } = this.#rule;
    this.#rule = { base, offset, savedBp, outermost };
  }

  #saved(register: number, offset: number): void {
    if (register === RBP) this.#rule = { ...this.#rule, savedBp: offset };
    if (register === RETURN_ADDRESS && offset !== -8) this.#unsupported(register);
  }

  #restore(register: number): void {
    if (register === RBP) this.#rule = { ...this.#rule, savedBp: this.#initial.savedBp };
  }

  /** A rule that the rows cannot tell, of a register that matters. */
  #unsupported(register: number): void {
    if (register === RBP || register === RSP || register === RETURN_ADDRESS) {
      this.#rule = { ...this.#rule, base: 'unknown' };
    }
  }
}
