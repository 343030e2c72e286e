/** What lowering asks of types beyond their layout. */
import type { Aggregation, Type } from '../types/type.ts';
import { sizeOfType } from '../types/layout.ts';

/** Held in one register: no more than 8 bytes, and no text. */
export function isScalar(type: Type): boolean {
  switch (type.kind) {
    case 'integer':
    case 'boolean':
    case 'pointer':
    case 'enum':
    case 'ksym':
    case 'username':
    case 'container':
    case 'pod':
    case 'namespace':
    case 'timestamp':
    case 'kstack':
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
      return true;
    case 'void':
    case 'string':
    case 'buffer':
    case 'array':
    case 'struct':
    case 'tuple':
    case 'record':
    case 'ustack':
    case 'usym':
    case 'cgroup-path':
    case 'inet':
    case 'mac':
    case 'stats':
    case 'hist':
    case 'lhist':
    case 'tseries':
      return false;
  }
}

export function isSigned(type: Type): boolean {
  switch (type.kind) {
    case 'integer':
    case 'enum':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
      return type.signed;
    default:
      return false;
  }
}

/** Bytes of a scalar in memory. */
export function scalarBytes(type: Type): 1 | 2 | 4 | 8 {
  if (type.kind === 'integer' || type.kind === 'enum') return type.size;
  return type.kind === 'boolean' ? 1 : 8;
}

/** Are there bytes in values of this type that no member covers? Keys must not hold random ones. */
export function hasPadding(type: Type): boolean {
  if (type.kind !== 'tuple' && type.kind !== 'record') return false;
  let end = 0;
  for (const field of type.fields) {
    if (field.offset !== end || hasPadding(field.type)) return true;
    end = field.offset + sizeOfType(field.type);
  }
  return end !== type.size;
}

export function isAggregation(type: Type): type is Aggregation {
  switch (type.kind) {
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
    case 'hist':
    case 'lhist':
    case 'tseries':
      return true;
    default:
      return false;
  }
}
