/**
 * Values of arm64 that go into floating-point registers: up to four floating-point numbers of one size.
 *
 * Procedure Call Standard for the Arm 64-bit Architecture, section 5.9.5: https://github.com/ARM-software/abi-aa
 */
import { arrayLengths } from './array-lengths.ts';
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { membersOf } from './members.ts';
import { peelType, sizeOfType } from './peel-type.ts';
import { isComposite } from './reachable-types.ts';

interface Floats {
  readonly count: number;
  readonly sizeBytes: number;
}

const MAX_FLOATS = 4;
const MAX_VISITS = 100;

/** How many registers the value takes; undefined for one that takes none of these. */
export function floatRegisters(type: Die | undefined): number | undefined {
  const floats = floatsOf(type, { left: MAX_VISITS });
  return floats === undefined || floats.count > MAX_FLOATS ? undefined : floats.count;
}

/** Undefined where there is anything else among them, or none at all. */
function floatsOf(type: Die | undefined, visits: { left: number }): Floats | undefined {
  const peeled = peelType(type);
  if (peeled === undefined || visits.left-- <= 0) return undefined;
  if (isComposite(peeled)) return ofMembers(peeled, visits);
  if (peeled.tag === dw.DW_TAG_array_type) {
    const inner = floatsOf(peeled.type, visits);
    const length = arrayLengths(peeled).reduce((total, one) => total * one, 1);
    return inner && { ...inner, count: inner.count * length };
  }
  const sizeBytes = sizeOfType(peeled);
  switch (peeled.count(dw.DW_AT_encoding)) {
    case dw.DW_ATE_float:
      return { count: 1, sizeBytes };
    case dw.DW_ATE_complex_float:
      return { count: 2, sizeBytes: sizeBytes / 2 };
    default:
      return undefined;
  }
}

function ofMembers(type: Die, visits: { left: number }): Floats | undefined {
  const isUnion = type.tag === dw.DW_TAG_union_type;
  let all: Floats | undefined;
  for (const member of membersOf(type)) {
    const one = member.bitSize > 0 ? undefined : floatsOf(member.type, visits);
    if (one === undefined || (all !== undefined && all.sizeBytes !== one.sizeBytes)) {
      return undefined;
    }
    const before = all?.count ?? 0;
    all = { ...one, count: isUnion ? Math.max(before, one.count) : before + one.count };
  }
  return all;
}
