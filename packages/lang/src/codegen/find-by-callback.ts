/**
 * Search for text one byte per turn of `bpf_loop`, whose body the verifier walks once however long the texts are. What
 * changes from turn to turn is in scratch, where the verifier takes it for unknown; what stays, on the caller's stack.
 */
import { MAX_LOOP_TURNS } from './callback-loops.ts';
import type { Span } from '../source.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import type { ReachableText } from './find-in-loop.ts';
import { sendRuntimeError } from './lower-faults.ts';
import type { Lowering } from './lowering.ts';
import { at, copyBytes, pointing } from './memory.ts';

/** Words of the search's state. */
const POSITION = 0;
const MATCHED = 8;
const RESULT = 16;
const STATE_BYTES = 24;

/** Words on the caller's stack. */
const STATE_POINTER = 0;
const TEXT_POINTER = 8;
const WANTED_POINTER = 16;
const SHARED_BYTES = 24;

/** The position of the second text in the first, or -1. */
export function findByCallback(
  l: Lowering,
  text: ReachableText,
  wanted: ReachableText,
  span: Span,
): Operand {
  const { b } = l;
  const name = `search_${wanted.capacityBytes}_in_${text.capacityBytes}`;
  if (!b.hasFunction(name)) writeStep(l, name, text.capacityBytes, wanted.capacityBytes);
  const state = l.scratch.take(STATE_BYTES);
  b.store(8, at(state, POSITION), 0n);
  b.store(8, at(state, MATCHED), 0n);
  b.store(8, at(state, RESULT), -1n);
  const shared = b.onStack(SHARED_BYTES);
  b.store(8, at(shared, STATE_POINTER), b.addressOf(state));
  b.store(8, at(shared, TEXT_POINTER), b.addressOf(offStack(l, text)));
  b.store(8, at(shared, WANTED_POINTER), b.addressOf(offStack(l, wanted)));
  const needed = BigInt(text.capacityBytes * wanted.capacityBytes + 1);
  const turns = needed < MAX_LOOP_TURNS ? needed : MAX_LOOP_TURNS;
  const taken = b.call('loop', turns, { kind: 'function', function: name }, shared, 0n);
  if (turns < needed) sayIfStopped(l, taken, span);
  return b.load(8, at(state, RESULT));
}

/** Only of texts made for it does a search take so long. */
function sayIfStopped(l: Lowering, turns: VirtualRegister, span: Span): void {
  const [stopped, done] = [l.b.label('stopped'), l.b.label('searched')];
  l.b.branch('eq', turns, MAX_LOOP_TURNS, stopped);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(stopped);
    sendRuntimeError(l, `the search was stopped after ${MAX_LOOP_TURNS} comparisons`, span);
    l.b.jump(done);
  });
}

/** A function reads the stack of its caller at fixed places only. */
function offStack(l: Lowering, { address, capacityBytes }: ReachableText): Address {
  if (address.kind !== 'slot') return address;
  const copy = l.scratch.take(capacityBytes);
  copyBytes(l, copy, address, capacityBytes);
  return copy;
}

/** One byte of the second text is compared with the one that stands in its place in the first. */
function writeStep(l: Lowering, name: string, textBytes: number, wantedBytes: number): void {
  const b = l.b.beside({ arguments: 2 });
  const shared = 1;
  const state = pointing(b.load(8, pointing(shared, STATE_POINTER)));
  const [found, missing, next] = [b.label('found'), b.label('missing'), b.label('next')];
  const position = b.load(8, at(state, POSITION));
  const matched = b.load(8, at(state, MATCHED));
  b.branch('ge', matched, BigInt(wantedBytes), found);
  const wanted = b.load(8, pointing(shared, WANTED_POINTER));
  const expected = b.load(1, pointing(b.arithmetic('add', wanted, matched)));
  b.branch('eq', expected, 0n, found);
  const offset = b.arithmetic('add', position, matched);
  b.branch('ge', offset, BigInt(textBytes), missing);
  const text = b.load(8, pointing(shared, TEXT_POINTER));
  const byte = b.load(1, pointing(b.arithmetic('add', text, offset)));
  b.branch('eq', byte, 0n, missing);
  b.branch('ne', byte, expected, next);
  b.apply('add', matched, 1n);
  b.store(8, at(state, MATCHED), matched);
  b.return(0n);
  const written = b.finish(() => {
    b.place(next);
    b.apply('add', position, 1n);
    b.store(8, at(state, POSITION), position);
    b.store(8, at(state, MATCHED), 0n);
    b.return(0n);
    b.place(found);
    b.store(8, at(state, RESULT), position);
    b.place(missing);
    b.return(1n);
  });
  l.b.addFunction(name, written);
}
