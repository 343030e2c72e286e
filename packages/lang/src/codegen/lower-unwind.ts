/**
 * User stacks of programs without frame pointers: each caller is found by a search of the tables that the agent made from
 * call frame information. Searches choose by arithmetic, not by jumps, so that the verifier has one way to follow.
 */
import { KERNEL_MAPS } from '../session-spec.ts';
import type { Span } from '../source.ts';
import { UNWIND } from '../unwind-layout.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import { readRegister } from './lower-context.ts';
import { sendRuntimeError } from './lower-faults.ts';
import { lowerProcess } from './lower-process.ts';
import type { Lowering } from './lowering.ts';
import { at, pointing, takeMemory } from './memory.ts';

const { rowsPerBlock, rowBytes, mappingBytes, mappingsPerProcess, flags } = UNWIND;
const WORD = 8n;
const NO_TABLES =
  'No DWARF unwind data available for this process. ' +
  'Use -p or --dwarf-pid to specify target PIDs.';

interface Registers {
  readonly ip: VirtualRegister;
  readonly sp: VirtualRegister;
  readonly bp: VirtualRegister;
}

/** Writes the frames behind the count that `record` begins with; gives the count. */
export function unwindStack(
  l: Lowering,
  record: Address,
  limit: number,
  span: Span,
): VirtualRegister {
  l.session.needUnwinding();
  const done = l.b.label('unwound');
  const untold = l.b.label('no_tables');
  const word = takeMemory(l, 8);
  const key = takeMemory(l, 8);
  // In memory, so that the verifier forgets how many there are: it would follow what comes after for each number.
  l.b.store(8, record, 0n);
  l.b.store(8, key, lowerProcess(l, 'pid', false));
  const map = { kind: 'map', map: KERNEL_MAPS.unwindMappings } as const;
  const mappings = l.b.call('map_lookup_elem', map, key);
  l.b.branch('eq', mappings, 0n, untold);
  const registers = userRegisters(l);
  const frame = l.b.copy(l.b.addressOf(at(record, 8)));
  const index = l.b.copy(0n);
  const behindCall = l.b.copy(0n);
  const again = l.b.label('caller');
  l.b.place(again);
  l.b.branch('ge', index, BigInt(limit), done);
  l.b.store(8, pointing(frame), registers.ip);
  l.b.apply('add', frame, WORD);
  l.b.apply('add', index, 1n);
  l.b.store(8, record, index);
  // A return address may be that of the next function, where the call was the last instruction.
  const address = l.b.arithmetic('sub', registers.ip, behindCall);
  l.b.move(behindCall, 1n);
  const mapping = findMapping(l, mappings, address);
  l.b.branch('ge', address, l.b.load(8, pointing(mapping, 8)), done);
  const row = findRow(l, mapping, address, key, done);
  step(l, row, registers, word, done);
  l.b.branch('ne', registers.ip, 0n, again);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(untold);
    sendRuntimeError(l, NO_TABLES, span);
    l.b.jump(done);
  });
  return l.b.load(8, record);
}

/** As they were when the process was last in user mode. */
function userRegisters(l: Lowering): Registers {
  const { resolved } = l.probe;
  if (resolved.kind === 'uprobe' || resolved.kind === 'usdt') {
    const read = (name: string): VirtualRegister => l.b.copy(readRegister(l, name));
    return { ip: read('ip'), sp: read('sp'), bp: read('bp') };
  }
  const saved = l.b.call('task_pt_regs', l.b.call('get_current_task_btf'));
  const read = (name: string): VirtualRegister =>
    l.b.load(8, pointing(saved, l.arch.registers[name] ?? 0));
  return { ip: read('ip'), sp: read('sp'), bp: read('bp') };
}

/**
 * 1 where `a` is below `b`, else 0; both are below 2⁶³. What depends on it is multiplied by it: with a mask of ones
 * verifiers since Linux 6.18 follow both values, which doubles their work each time.
 */
function isBelow(l: Lowering, a: Operand, b: Operand): VirtualRegister {
  const below = l.b.arithmetic('sub', a, b);
  l.b.apply('rsh', below, 63n);
  return below;
}

/** The address of the last mapping that does not begin above an address. */
function findMapping(
  l: Lowering,
  mappings: VirtualRegister,
  address: VirtualRegister,
): VirtualRegister {
  const place = (index: VirtualRegister): VirtualRegister => {
    const offset = l.b.arithmetic('and', index, BigInt(mappingsPerProcess - 1));
    l.b.apply('mul', offset, BigInt(mappingBytes));
    return l.b.arithmetic('add', mappings, offset);
  };
  const index = l.b.copy(0n);
  for (let width = BigInt(mappingsPerProcess / 2); width > 0n; width >>= 1n) {
    const start = l.b.load(8, pointing(place(l.b.arithmetic('add', index, width))));
    const gain = isBelow(l, address, start);
    l.b.apply('xor', gain, 1n);
    l.b.apply('mul', gain, width);
    l.b.apply('add', index, gain);
  }
  return place(index);
}

/** The address of the row that holds for an address within a mapping. */
function findRow(
  l: Lowering,
  mapping: VirtualRegister,
  address: VirtualRegister,
  key: Address,
  none: string,
): VirtualRegister {
  const relative = l.b.arithmetic('sub', address, l.b.load(8, pointing(mapping, 16)));
  const first = l.b.load(4, pointing(mapping, 24));
  const count = l.b.load(4, pointing(mapping, 28));
  l.b.branch('eq', count, 0n, none);
  const index = l.b.copy(0n);
  const width = l.b.copy(BigInt(UNWIND.maxRows / 2));
  const again = l.b.label('row');
  l.b.place(again);
  const gain = isBelow(l, l.b.arithmetic('add', index, width), count);
  l.b.apply('mul', gain, width);
  const probed = l.b.arithmetic('add', first, index);
  l.b.apply('add', probed, gain);
  const start = l.b.load(4, pointing(rowAt(l, probed, key, none)));
  const above = isBelow(l, relative, start);
  l.b.apply('xor', above, 1n);
  l.b.apply('mul', gain, above);
  l.b.apply('add', index, gain);
  l.b.apply('rsh', width, 1n);
  l.b.branch('ne', width, 0n, again);
  return rowAt(l, l.b.arithmetic('add', first, index), key, none);
}

function rowAt(l: Lowering, number: VirtualRegister, key: Address, none: string): VirtualRegister {
  l.b.store(8, key, l.b.arithmetic('rsh', number, BigInt(Math.log2(rowsPerBlock))));
  const map = { kind: 'map', map: KERNEL_MAPS.unwindRows } as const;
  const block = l.b.call('map_lookup_elem', map, key);
  l.b.branch('eq', block, 0n, none);
  const offset = l.b.arithmetic('and', number, BigInt(rowsPerBlock - 1));
  l.b.apply('mul', offset, BigInt(rowBytes));
  l.b.apply('add', offset, block);
  return offset;
}

/** From a frame to its caller's; to `none` where there is none, or nobody knows. */
function step(
  l: Lowering,
  row: VirtualRegister,
  { ip, sp, bp }: Registers,
  word: Address,
  none: string,
): void {
  const marks = l.b.load(4, pointing(row, 12));
  l.b.branch('set', marks, BigInt(flags.unknown | flags.outermost), none);
  const base = l.b.copy(sp);
  choose(l, base, bp, bitOf(l, marks, flags.baseIsBp));
  l.b.apply('add', base, signedAt(l, row, 4));
  const returnAddress = l.b.arithmetic('sub', base, WORD);
  read(l, word, returnAddress, none);
  l.b.move(ip, l.b.load(8, word));
  // Where the frame pointer was not saved, the return address is read in its place, and not used.
  const saves = bitOf(l, marks, flags.savesBp);
  const place = l.b.arithmetic('add', base, signedAt(l, row, 8));
  choose(l, returnAddress, place, saves);
  read(l, word, returnAddress, none);
  choose(l, bp, l.b.load(8, word), saves);
  l.b.move(sp, base);
}

/** 1 where a flag is set, else 0. */
function bitOf(l: Lowering, marks: VirtualRegister, flag: number): VirtualRegister {
  const bit = l.b.arithmetic('rsh', marks, BigInt(Math.log2(flag)));
  l.b.apply('and', bit, 1n);
  return bit;
}

/** `value` becomes `other` where `bit` is 1. */
function choose(
  l: Lowering,
  value: VirtualRegister,
  other: VirtualRegister,
  bit: VirtualRegister,
): void {
  const difference = l.b.arithmetic('sub', other, value);
  l.b.apply('mul', difference, bit);
  l.b.apply('add', value, difference);
}

function signedAt(l: Lowering, row: VirtualRegister, offset: number): VirtualRegister {
  const value = l.b.load(4, pointing(row, offset));
  l.b.apply('lsh', value, 32n);
  l.b.apply('arsh', value, 32n);
  return value;
}

function read(l: Lowering, to: Address, from: VirtualRegister, otherwise: string): void {
  l.b.branch('ne', l.b.call('probe_read_user', to, WORD, from), 0n, otherwise);
}
