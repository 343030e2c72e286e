/** The type that two types have in common: what a variable, key or map value becomes when both are assigned to it. */
import { record, tuple } from './layout.ts';
import { INT64, integer } from './scalars.ts';
import type { EnumType, IntegerType, RecordType, TupleType } from './scalars.ts';
import { memberFlexibility, type Flexibility } from './sign-flexible.ts';
import type { Member, Type } from './type.ts';

/** A type, and whether it stands for a literal that has no sign of its own: `1` adopts the sign of what it meets. */
export interface Promotable {
  readonly type: Type;
  readonly signFlexible?: Flexibility;
  /** The address of a variable, whose own type may yet widen. */
  readonly followsTarget?: boolean;
}

/** Undefined where nothing holds both. */
export function promote(a: Type, b: Type): Type | undefined {
  return promoteFlexible({ type: a }, { type: b });
}

export function promoteFlexible(a: Promotable, b: Promotable): Type | undefined {
  const [left, right] = [a.type, b.type];
  if (left.kind === 'integer' && right.kind === 'integer') {
    return promoteIntegers(left, a.signFlexible === true, right, b.signFlexible === true);
  }
  if (left.kind === 'enum' && right.kind === 'enum') {
    if (!sameEnum(left, right)) return INT64;
    return left.size >= right.size ? left : right;
  }
  if (left.kind === 'enum' && right.kind === 'integer') return promote(underlying(left), right);
  if (left.kind === 'integer' && right.kind === 'enum') return promote(left, underlying(right));
  if (left.kind === 'string' && right.kind === 'string') {
    return left.size >= right.size ? left : right;
  }
  if (left.kind === 'buffer' && right.kind === 'buffer') {
    return left.size >= right.size ? left : right;
  }
  // Declared without a format, a time has that of what is assigned.
  if (left.kind === 'timestamp' && right.kind === 'timestamp' && left.format === '') return right;
  if (left.kind === 'tuple' && right.kind === 'tuple') return promoteTuples(left, right, a, b);
  if (left.kind === 'record' && right.kind === 'record') return promoteRecords(left, right, a, b);
  if (left.kind === 'pointer' && right.kind === 'pointer' && left.space !== right.space) {
    return sameType({ ...right, space: left.space }, left)
      ? { ...left, space: 'either' }
      : undefined;
  }
  return sameType(left, right) ? left : undefined;
}

/** Enums without a name are told apart by what they list. */
function sameEnum(a: EnumType, b: EnumType): boolean {
  return a.name === b.name && (a.name !== '' || a.variants === b.variants);
}

function underlying(type: Extract<Type, { kind: 'enum' }>): IntegerType {
  return integer(type.size, type.signed);
}

function promoteIntegers(
  left: IntegerType,
  leftFlexible: boolean,
  right: IntegerType,
  rightFlexible: boolean,
): IntegerType {
  if (left.size === right.size && left.signed === right.signed) return left;
  const larger = left.size >= right.size ? left.size : right.size;
  if (left.signed === right.signed) return integer(larger, left.signed);
  if (leftFlexible) return integer(larger, right.signed);
  if (rightFlexible) return integer(larger, left.signed);
  const [signed, unsigned] = left.signed ? [left, right] : [right, left];
  if (signed.size > unsigned.size) return signed;
  return integer(larger === 1 ? 2 : larger === 2 ? 4 : 8, true);
}

function promoteTuples(
  left: TupleType,
  right: TupleType,
  a: Promotable,
  b: Promotable,
): Type | undefined {
  if (left.fields.length !== right.fields.length) return undefined;
  const elements: Type[] = [];
  for (const [index, field] of left.fields.entries()) {
    const other = right.fields[index];
    const element = other === undefined ? undefined : promoteMembers(field, other, a, b);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return tuple(elements);
}

/** Fields pair up by name; the order is the first record's. */
function promoteRecords(
  left: RecordType,
  right: RecordType,
  a: Promotable,
  b: Promotable,
): Type | undefined {
  if (left.fields.length !== right.fields.length) return undefined;
  const fields: { name: string; type: Type }[] = [];
  for (const member of left.fields) {
    const { name } = member;
    const other = right.fields.find((field) => field.name === name);
    const promoted = other === undefined ? undefined : promoteMembers(member, other, a, b);
    if (promoted === undefined) return undefined;
    fields.push({ name, type: promoted });
  }
  return record(fields);
}

function promoteMembers(
  left: Member,
  right: Member,
  a: Promotable,
  b: Promotable,
): Type | undefined {
  return promoteFlexible(
    { type: left.type, signFlexible: memberFlexibility(a.signFlexible, left.name) },
    { type: right.type, signFlexible: memberFlexibility(b.signFlexible, right.name) },
  );
}

/** Same in every respect that matters to a stored value; pointers to the same struct are the same. */
export function sameType(a: Type, b: Type): boolean {
  switch (a.kind) {
    case 'integer':
      return b.kind === 'integer' && a.size === b.size && a.signed === b.signed;
    case 'string':
    case 'buffer':
      return b.kind === a.kind && a.size === b.size;
    case 'pointer':
      return b.kind === 'pointer' && a.space === b.space && sameType(a.target, b.target);
    case 'array':
      return b.kind === 'array' && a.length === b.length && sameType(a.element, b.element);
    case 'struct':
      return (
        b.kind === 'struct' && a.struct.name === b.struct.name && a.struct.size === b.struct.size
      );
    case 'tuple':
    case 'record':
      return (
        b.kind === a.kind &&
        a.fields.length === b.fields.length &&
        a.fields.every((field, index) => {
          const other = b.fields[index];
          return (
            other !== undefined && field.name === other.name && sameType(field.type, other.type)
          );
        })
      );
    case 'enum':
      return b.kind === 'enum' && a.size === b.size && sameEnum(a, b);
    case 'kstack':
    case 'ustack':
      return b.kind === a.kind && a.mode === b.mode && a.limit === b.limit;
    case 'timestamp':
      return b.kind === 'timestamp' && a.clock === b.clock && a.format === b.format;
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
      return b.kind === a.kind && a.signed === b.signed;
    case 'hist':
      return b.kind === 'hist' && a.bits === b.bits;
    case 'lhist':
      return b.kind === 'lhist' && a.min === b.min && a.max === b.max && a.step === b.step;
    case 'tseries':
      return (
        b.kind === 'tseries' &&
        a.signed === b.signed &&
        a.intervalNs === b.intervalNs &&
        a.intervals === b.intervals &&
        a.aggregate === b.aggregate
      );
    default:
      return a.kind === b.kind;
  }
}

/** What `==` and `!=` accept beside numbers: the same kind, whatever the size. */
export function comparable(a: Type, b: Type): boolean {
  if ((a.kind === 'string' || a.kind === 'buffer') && a.kind === b.kind) return true;
  if ((a.kind === 'tuple' || a.kind === 'record') && a.kind === b.kind) {
    return promote(a, b) !== undefined;
  }
  return sameType(a, b);
}
