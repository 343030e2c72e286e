/** One compressed block of zstd: literals, and sequences that put them between repetitions (RFC 8878, 3.1.1.3). */
import { BackwardBits } from './backward-bits.ts';
import { fseConstant, FseState, readFseTable, type FseTable } from './fse.ts';
import { readHuffmanTable, type HuffmanTable } from './huffman.ts';
import { Output } from './output.ts';
import { UnpackError } from './unpack-error.ts';
import {
  literalLengthCode,
  literalLengthValues,
  matchLengthCode,
  matchLengthValues,
  offsetCode,
  type SequenceCode,
} from './zstd-sequences.ts';

const MAX_LITERALS = 1 << 17;

/** What blocks of a frame learn from those before. */
export interface ZstdState {
  huffman: HuffmanTable | undefined;
  tables: readonly [FseTable | undefined, FseTable | undefined, FseTable | undefined];
  offsets: readonly [number, number, number];
}

export function newZstdState(): ZstdState {
  return { huffman: undefined, tables: [undefined, undefined, undefined], offsets: [1, 4, 8] };
}

/** @throws UnpackError */
export function unpackBlock(block: Uint8Array, state: ZstdState, output: Output): void {
  const { literals, length } = readLiterals(block, state);
  readSequences(block.subarray(length), literals, state, output);
}

function readLiterals(
  block: Uint8Array,
  state: ZstdState,
): { readonly literals: Uint8Array; readonly length: number } {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = block;
  const kind = first & 3;
  const form = (first >> 2) & 3;
  if (kind < 2) {
    const headerBytes = form === 1 ? 2 : form === 3 ? 3 : 1;
    const count =
      form === 1
        ? (first >> 4) | (second << 4)
        : form === 3
          ? (first >> 4) | (second << 4) | (third << 12)
          : first >> 3;
    const length = headerBytes + (kind === 0 ? count : 1);
    if (length > block.length || count > MAX_LITERALS) throw damaged();
    const literals =
      kind === 0
        ? block.subarray(headerBytes, length)
        : new Uint8Array(count).fill(block[headerBytes] ?? 0);
    return { literals, length };
  }
  const headerBytes = form < 2 ? 3 : form + 2;
  const sizeBits = form < 2 ? 10 : form === 2 ? 14 : 18;
  // At most 40 bits, of which the lowest four are known.
  const sizes =
    (first >> 4) + second * 2 ** 4 + third * 2 ** 12 + fourth * 2 ** 20 + fifth * 2 ** 28;
  const count = sizes % 2 ** sizeBits;
  const packedBytes = Math.floor(sizes / 2 ** sizeBits) % 2 ** sizeBits;
  const length = headerBytes + packedBytes;
  if (length > block.length || count > MAX_LITERALS) throw damaged();
  const packed = block.subarray(headerBytes, length);
  return {
    literals: huffmanLiterals(packed, count, form === 0 ? 1 : 4, kind === 3, state),
    length,
  };
}

function huffmanLiterals(
  packed: Uint8Array,
  count: number,
  streams: 1 | 4,
  isRepeated: boolean,
  state: ZstdState,
): Uint8Array {
  let at = 0;
  if (!isRepeated) {
    const { table, length } = readHuffmanTable(packed);
    state.huffman = table;
    at = length;
  }
  const { huffman } = state;
  if (huffman === undefined) throw damaged();
  const output = new Output(count);
  if (streams === 1) {
    huffman.read(packed.subarray(at), count, output);
    return output.bytes;
  }
  const each = Math.ceil(count / 4);
  let from = at + 6;
  for (let stream = 0; stream < 4; stream++) {
    const size = (packed[at + 2 * stream] ?? 0) | ((packed[at + 2 * stream + 1] ?? 0) << 8);
    const end = stream === 3 ? packed.length : from + size;
    if (end > packed.length || from > end) throw damaged();
    const part = stream === 3 ? count - 3 * each : each;
    if (part < 0) throw damaged();
    huffman.read(packed.subarray(from, end), part, output);
    from = end;
  }
  return output.bytes;
}

function readSequences(
  bytes: Uint8Array,
  literals: Uint8Array,
  state: ZstdState,
  output: Output,
): void {
  const { count, length } = sequenceCount(bytes);
  if (count === 0) {
    output.append(literals);
    return;
  }
  const modes = bytes[length] ?? 0;
  let at = length + 1;
  const table = (shift: number, code: SequenceCode, before: FseTable | undefined): FseTable => {
    const mode = (modes >> shift) & 3;
    if (mode === 0) return code.standard;
    if (mode === 1) return fseConstant(Math.min(bytes[at++] ?? 0, code.maxSymbol));
    if (mode === 2) {
      const read = readFseTable(bytes.subarray(at), code.maxLog, code.maxSymbol);
      at += read.length;
      return read.table;
    }
    if (before === undefined) throw damaged();
    return before;
  };
  const literalTable = table(6, literalLengthCode, state.tables[0]);
  const offsetTable = table(4, offsetCode, state.tables[1]);
  const matchTable = table(2, matchLengthCode, state.tables[2]);
  state.tables = [literalTable, offsetTable, matchTable];
  const input = new BackwardBits(bytes.subarray(at));
  const literalState = new FseState(literalTable, input);
  const offsetState = new FseState(offsetTable, input);
  const matchState = new FseState(matchTable, input);
  let taken = 0;
  for (let left = count; left > 0; left--) {
    const offsetBits = offsetState.symbol;
    const offsetValue = 2 ** offsetBits + input.read(offsetBits);
    const matchBits = matchLengthValues.bits[matchState.symbol] ?? 0;
    const match = (matchLengthValues.bases[matchState.symbol] ?? 0) + input.read(matchBits);
    const literalBits = literalLengthValues.bits[literalState.symbol] ?? 0;
    const plain = (literalLengthValues.bases[literalState.symbol] ?? 0) + input.read(literalBits);
    if (left > 1) {
      literalState.advance(input);
      matchState.advance(input);
      offsetState.advance(input);
    }
    if (input.left < 0 || taken + plain > literals.length) throw damaged();
    output.append(literals.subarray(taken, taken + plain));
    taken += plain;
    output.copy(nextOffset(state, offsetValue, plain), match);
  }
  output.append(literals.subarray(taken));
}

function sequenceCount(bytes: Uint8Array): { readonly count: number; readonly length: number } {
  const [first, second = 0, third = 0] = bytes;
  if (first === undefined) throw damaged();
  if (first < 128) return { count: first, length: 1 };
  if (first < 255) return { count: ((first - 128) << 8) + second, length: 2 };
  return { count: second + (third << 8) + 0x7f00, length: 3 };
}

/** Values up to three mean one of the last offsets; which one depends on whether literals came before. */
function nextOffset(state: ZstdState, value: number, literals: number): number {
  const [last, second, third] = state.offsets;
  if (value > 3) {
    state.offsets = [value - 3, last, second];
    return value - 3;
  }
  const choice = literals === 0 ? value + 1 : value;
  if (choice === 1) return last;
  if (choice === 2) state.offsets = [second, last, third];
  else if (choice === 3) state.offsets = [third, last, second];
  else state.offsets = [last - 1, last, second];
  return state.offsets[0];
}

function damaged(): UnpackError {
  return new UnpackError('damaged zstd block');
}
