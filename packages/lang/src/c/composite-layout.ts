/**
 * Where the members of a struct or union are: the rules of the System V ABI for x86_64 and of AAPCS64, which differ only
 * in what bits without a name do.
 */
import type { Target } from '../target.ts';
import type { CAttributes, CComposite, CMember, CType } from './c-type.ts';

export interface Measure {
  readonly size: number;
  readonly align: number;
}

/** What a layout needs to know of the members. Each throws SyntaxFault where C has no answer. */
export interface MemberMeasures {
  readonly arch: Target['arch'];
  readonly measure: (type: CType, member: CMember) => Measure;
  readonly width: (member: CMember, unitBits: number) => number | undefined;
  /** The largest of the alignments asked for; 1 without any. */
  readonly aligned: (attributes: CAttributes) => number;
}

export interface LaidMember {
  readonly member: CMember;
  /** In bytes: of the member, or of the unit that its bits are in. */
  readonly offset: number;
  readonly bitfield?: { readonly shift: number; readonly width: number };
}

export interface CompositeLayout extends Measure {
  readonly members: readonly LaidMember[];
}

const BYTE_BITS = 8;

export function layOutComposite(composite: CComposite, measures: MemberMeasures): CompositeLayout {
  const { tag, attributes, pack } = composite;
  const members: LaidMember[] = [];
  let bit = 0;
  let end = 0;
  let align = measures.aligned(attributes);
  for (const member of composite.members) {
    if (tag === 'union') bit = 0;
    const placed = place(member, bit, { packed: attributes.packed, pack }, measures);
    if (placed.laid !== undefined) members.push(placed.laid);
    bit = placed.end;
    end = Math.max(end, bit);
    align = Math.max(align, placed.align);
  }
  return { size: alignUp(Math.ceil(end / BYTE_BITS), align), align, members };
}

interface Packing {
  readonly packed: boolean;
  readonly pack: number | undefined;
}

interface Placed {
  /** Absent for bits that only fill. */
  readonly laid?: LaidMember;
  /** The first bit behind the member. */
  readonly end: number;
  /** What the member asks of the struct. */
  readonly align: number;
}

function place(
  member: CMember,
  bit: number,
  { packed, pack }: Packing,
  measures: MemberMeasures,
): Placed {
  const natural = measures.measure(member.type, member);
  const isPacked = packed || member.attributes.packed;
  const asked = Math.max(isPacked ? 1 : natural.align, measures.aligned(member.attributes));
  const align = pack === undefined ? asked : Math.min(pack, asked);
  const width = measures.width(member, natural.size * BYTE_BITS);
  if (width !== undefined)
    return placeBits(member, bit, width, natural.size, align, pack, measures.arch);
  const offset = alignUp(Math.ceil(bit / BYTE_BITS), align);
  return { laid: { member, offset }, end: (offset + natural.size) * BYTE_BITS, align };
}

function placeBits(
  member: CMember,
  bit: number,
  width: number,
  unitBytes: number,
  align: number,
  pack: number | undefined,
  arch: Target['arch'],
): Placed {
  const unitBits = unitBytes * BYTE_BITS;
  const alignBits = align * BYTE_BITS;
  // Bits do not cross the border of a unit of their type, unless the struct is packed.
  const crosses = pack === undefined && (bit % alignBits) + width > unitBits;
  const start = width === 0 || crosses ? Math.ceil(bit / alignBits) * alignBits : bit;
  const end = start + width;
  if (member.name === undefined) return { end, align: arch === 'arm64' ? align : 1 };
  const unit = Math.floor(start / unitBits) * unitBytes;
  const fits = end <= (unit + unitBytes) * BYTE_BITS;
  const offset = fits ? unit : Math.floor(start / BYTE_BITS);
  const bitfield = { shift: start - offset * BYTE_BITS, width };
  return { laid: { member, offset, bitfield }, end, align };
}

export function alignUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}
