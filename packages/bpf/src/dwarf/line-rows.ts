/** Line tables: a small program for each, which says from which source line the code at an address is. */
import { Cursor } from './cursor.ts';
import type { LineHeader } from './line-header.ts';

export interface LineRow {
  readonly address: number;
  /** Number of the file in the header. */
  readonly file: number;
  readonly line: number;
  /** 0 where the compiler did not say. */
  readonly column: number;
  /** The first address behind the code before it; no code of this line. */
  readonly endsSequence: boolean;
}

const DW_LNS_copy = 1;
const DW_LNS_advance_pc = 2;
const DW_LNS_advance_line = 3;
const DW_LNS_set_file = 4;
const DW_LNS_set_column = 5;
const DW_LNS_const_add_pc = 8;
const DW_LNS_fixed_advance_pc = 9;
const DW_LNE_end_sequence = 1;
const DW_LNE_set_address = 2;

/** In the order of the table: by address within a sequence, and sequences as the linker left them. */
export function* lineRows(section: Uint8Array, header: LineHeader): Generator<LineRow> {
  const cursor = new Cursor(section, header.programAt, header.end);
  const state = new LineState(header);
  while (!cursor.done) {
    const opcode = cursor.u8();
    if (opcode >= header.opcodeBase) {
      const step = opcode - header.opcodeBase;
      state.advance(Math.floor(step / header.lineRange));
      state.line += header.lineBase + (step % header.lineRange);
      yield state.row(false);
      continue;
    }
    switch (opcode) {
      case 0: {
        const length = cursor.uleb();
        const next = cursor.at + length;
        const extended = length === 0 ? 0 : cursor.u8();
        if (extended === DW_LNE_set_address) state.set(cursor.unsigned(length - 1));
        if (extended === DW_LNE_end_sequence) {
          yield state.row(true);
          state.reset();
        }
        cursor.at = next;
        break;
      }
      case DW_LNS_copy:
        yield state.row(false);
        break;
      case DW_LNS_advance_pc:
        state.advance(cursor.uleb());
        break;
      case DW_LNS_advance_line:
        state.line += cursor.sleb();
        break;
      case DW_LNS_set_file:
        state.file = cursor.uleb();
        break;
      case DW_LNS_set_column:
        state.column = cursor.uleb();
        break;
      case DW_LNS_const_add_pc:
        state.advance(Math.floor((255 - header.opcodeBase) / header.lineRange));
        break;
      case DW_LNS_fixed_advance_pc:
        state.set(state.address + cursor.u16());
        break;
      default:
        for (let count = header.operandCounts[opcode - 1] ?? 0; count > 0; count--) {
          cursor.skipLeb();
        }
    }
  }
}

class LineState {
  address = 0;
  file = 1;
  line = 1;
  column = 0;
  #operation = 0;
  readonly #header: LineHeader;

  constructor(header: LineHeader) {
    this.#header = header;
  }

  reset(): void {
    this.set(0);
    this.file = 1;
    this.line = 1;
    this.column = 0;
  }

  set(address: number): void {
    this.address = address;
    this.#operation = 0;
  }

  /** By instructions, several of which may share an address on machines with long instruction words. */
  advance(operations: number): void {
    const { minInstructionBytes, maxOperations } = this.#header;
    const total = this.#operation + operations;
    const perInstruction = Math.max(1, maxOperations);
    this.address += minInstructionBytes * Math.floor(total / perInstruction);
    this.#operation = total % perInstruction;
  }

  row(endsSequence: boolean): LineRow {
    const { address, file, line, column } = this;
    return { address, file, line, column, endsSequence };
  }
}
