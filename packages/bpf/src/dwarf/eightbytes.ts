/**
 * The classes of the eight-byte pieces that values are passed in.
 *
 * System V ABI for x86-64, section 3.2.3: https://gitlab.com/x86-psABIs/x86-64-ABI
 */
import { arrayLengths } from './array-lengths.ts';
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { membersOf } from './members.ts';
import { peelType, sizeOfType } from './peel-type.ts';
import { isComposite } from './reachable-types.ts';

export type PieceClass = 'integer' | 'float';

const PIECE_BYTES = 8;
const MAX_BYTES = 16;
/** An argument of two pieces has no more members than it has bits. */
const MAX_VISITS = 1000;

/** Undefined for values that are passed in memory. */
export function pieceClasses(type: Die | undefined): readonly PieceClass[] | undefined {
  const sizeBytes = sizeOfType(type);
  const peeled = peelType(type);
  if (sizeBytes > MAX_BYTES) return undefined;
  const pieces: PieceClass[] = Array.from(
    { length: Math.ceil(sizeBytes / PIECE_BYTES) },
    () => 'float',
  );
  const fits = classify(peeled, 0, pieces, { left: MAX_VISITS });
  return fits ? pieces : undefined;
}

/** A piece holds an integer if any of its parts is one. False for what never goes into registers. */
function classify(
  type: Die | undefined,
  offset: number,
  pieces: PieceClass[],
  visits: { left: number },
): boolean {
  const peeled = peelType(type);
  if (peeled === undefined || visits.left-- <= 0) return false;
  if (isComposite(peeled)) {
    for (const { type: inner, bitOffset, bitSize } of membersOf(peeled)) {
      const at = offset + bitOffset / 8;
      if (bitSize > 0) setInteger(pieces, at, bitSize / 8);
      else if (!classify(inner, at, pieces, visits)) return false;
    }
    return true;
  }
  const sizeBytes = sizeOfType(peeled);
  if (peeled.tag === dw.DW_TAG_array_type) {
    const count = arrayLengths(peeled).reduce((total, length) => total * length, 1);
    const stride = count === 0 ? 0 : sizeBytes / count;
    for (let index = 0; index < count; index++) {
      if (!classify(peeled.type, offset + index * stride, pieces, visits)) return false;
    }
    return true;
  }
  const encoding = peeled.count(dw.DW_AT_encoding);
  const isFloat = encoding === dw.DW_ATE_float || encoding === dw.DW_ATE_complex_float;
  // `long double` is in memory, and so is what is packed more tightly than its alignment.
  if (isFloat) return sizeBytes <= PIECE_BYTES || encoding === dw.DW_ATE_complex_float;
  setInteger(pieces, offset, sizeBytes);
  return true;
}

function setInteger(pieces: PieceClass[], offset: number, sizeBytes: number): void {
  const last = Math.min(pieces.length - 1, Math.floor((offset + sizeBytes - 1) / PIECE_BYTES));
  for (let piece = Math.floor(offset / PIECE_BYTES); piece <= last; piece++) {
    pieces[piece] = 'integer';
  }
}
