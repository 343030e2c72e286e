/**
 * Call frame information as compilers leave it in `.eh_frame` and `.debug_frame`: for each function, how to find its
 * caller's registers.
 *
 * Format: DWARF 5, section 6.4, and the Linux Standard Base for `.eh_frame`.
 */
import { Cursor } from './cursor.ts';
import { DwarfError } from './dwarf-error.ts';
import { readInitialLength } from './unit-header.ts';

/** What the functions that refer to it have in common. */
export interface CommonEntry {
  readonly codeAlignment: number;
  readonly dataAlignment: number;
  readonly pointerEncoding: number;
  /** The function's entry has a length of further data ahead of its instructions. */
  readonly hasLength: boolean;
  /** Frames of a signal handler's return: the address is that of an instruction, not behind a call. */
  readonly isSignal: boolean;
  readonly instructions: Uint8Array;
}

export interface FunctionFrames {
  readonly common: CommonEntry;
  readonly start: number;
  readonly end: number;
  readonly instructions: Uint8Array;
}

export interface FrameSection {
  readonly bytes: Uint8Array;
  /** For which it was linked. */
  readonly address: number;
  readonly kind: 'eh_frame' | 'debug_frame';
}

const DW_EH_PE_uleb128 = 0x01;
const DW_EH_PE_udata2 = 0x02;
const DW_EH_PE_udata4 = 0x03;
const DW_EH_PE_sleb128 = 0x09;
const DW_EH_PE_sdata2 = 0x0a;
const DW_EH_PE_sdata4 = 0x0b;
const DW_EH_PE_pcrel = 0x10;
const ADDRESS_SPACE = 2n ** 64n;

/** @throws DwarfError for damaged entries. */
export function* readFrames(section: FrameSection): Generator<FunctionFrames> {
  const common = new Map<number, CommonEntry>();
  for (let at = 0; at + 4 <= section.bytes.length;) {
    const cursor = new Cursor(section.bytes, at);
    const { end, offsetBytes } = readInitialLength(cursor);
    if (end === cursor.at) {
      // An empty entry ends `.eh_frame`.
      if (section.kind === 'eh_frame') return;
      at = end;
      continue;
    }
    if (end > section.bytes.length) throw new DwarfError(`dwarf: frames at ${at} run past the end`);
    const entry = new Cursor(section.bytes, cursor.at, end);
    const idAt = entry.at;
    const id = entry.unsigned(offsetBytes);
    const isCommon =
      section.kind === 'eh_frame' ? id === 0 : id === (offsetBytes === 4 ? 0xffff_ffff : 2 ** 64);
    if (isCommon) {
      common.set(at, readCommon(entry));
    } else {
      const found = common.get(section.kind === 'eh_frame' ? idAt - id : id);
      if (found !== undefined) yield readFunction(entry, found, section);
    }
    at = end;
  }
}

function readCommon(cursor: Cursor): CommonEntry {
  const version = cursor.u8();
  const augmentation = cursor.string();
  if (version === 4) cursor.skip(2);
  const codeAlignment = cursor.uleb();
  const dataAlignment = cursor.sleb();
  if (version === 1) cursor.skip(1);
  else cursor.skipLeb();
  const hasLength = augmentation.startsWith('z');
  const data = hasLength ? new Cursor(cursor.slice(cursor.uleb())) : new Cursor(new Uint8Array());
  let pointerEncoding = 0;
  let isSignal = false;
  for (const letter of hasLength ? augmentation.slice(1) : '') {
    if (letter === 'R') pointerEncoding = data.u8();
    else if (letter === 'S') isSignal = true;
    else if (letter === 'L') data.skip(1);
    else if (letter === 'P') readPointer(data, data.u8(), 0);
    else if (letter !== 'B') break;
  }
  const instructions = cursor.slice(cursor.end - cursor.at);
  return { codeAlignment, dataAlignment, pointerEncoding, hasLength, isSignal, instructions };
}

function readFunction(cursor: Cursor, common: CommonEntry, section: FrameSection): FunctionFrames {
  const start = readPointer(cursor, common.pointerEncoding, section.address);
  const sizeBytes = readPointer(cursor, common.pointerEncoding & 0x0f, 0);
  if (common.hasLength) cursor.skip(cursor.uleb());
  return {
    common,
    start,
    end: start + sizeBytes,
    instructions: cursor.slice(cursor.end - cursor.at),
  };
}

/** @param address for which the cursor's bytes were linked */
export function readPointer(cursor: Cursor, encoding: number, address: number): number {
  const format = encoding & 0x0f;
  const at = address + cursor.at;
  // What compilers use, without big integers: a large program has hundreds of thousands.
  if (format === DW_EH_PE_udata4 || format === DW_EH_PE_sdata4) {
    const distance = format === DW_EH_PE_sdata4 ? cursor.i32() : cursor.u32();
    const sum = (encoding & 0x70) === DW_EH_PE_pcrel ? distance + at : distance;
    return sum < 0 ? Number(BigInt(sum) + ADDRESS_SPACE) : sum;
  }
  const place = BigInt(at);
  const value = readEncoded(cursor, format);
  const whole = (encoding & 0x70) === DW_EH_PE_pcrel ? value + place : value;
  return Number(whole < 0n ? whole + ADDRESS_SPACE : whole);
}

function readEncoded(cursor: Cursor, format: number): bigint {
  switch (format) {
    case DW_EH_PE_uleb128:
      return cursor.bigUleb();
    case DW_EH_PE_udata2:
      return BigInt(cursor.u16());
    case DW_EH_PE_sleb128:
      return cursor.bigSleb();
    case DW_EH_PE_sdata2:
      return BigInt.asIntN(16, BigInt(cursor.u16()));
    default:
      return BigInt.asIntN(64, cursor.big64());
  }
}
