/**
 * Whether a value from the network is a schema that can be decoded by: known kinds, offsets inside of their records,
 * sizes that are sums of what they hold.
 */
import type { Check } from '../api/check.ts';
import {
  isBigint,
  isBoolean,
  isCount,
  isDictionary,
  isList,
  isOneOf,
  isOptional,
  isRecord,
  isText,
  isVariant,
} from '../api/check.ts';
import { lhistBuckets, MAX_SERIES_INTERVALS } from './map-schema.ts';
import type { MapValueType } from './map-schema.ts';
import type { Schema } from './schema.ts';
import type { FieldType, ValueType } from './value-type.ts';
import { sizeOfValue } from './value-type.ts';

const MAX_DEPTH = 16;
const MAX_BITS = 64;
const MAX_VALUE_BYTES = 1 << 20;
/** A ring-buffer record is at most this long, and so is every offset in it. */
const MAX_RECORD_BYTES = 1 << 16;
/** bpftrace's own limit is 1000 steps. */
const MAX_LHIST_BUCKETS = 1002n;

export function isSchema(value: unknown): value is Schema {
  return checkSchema(value);
}

export function isValueType(value: unknown): value is ValueType {
  return checkType(value, 0);
}

const type: Check = (value) => checkType(value, 0);
const size: Check = (value) => isCount(value) && (value as number) <= MAX_VALUE_BYTES;
const integerSize = isOneOf(1, 2, 4, 8);
const stack = isRecord({ mode: isOneOf('bpftrace', 'perf', 'raw', 'build_id'), limit: isCount });
const anything = isRecord({});
/** What comes from a host becomes SQL. */
const isColumnName: Check = (value) =>
  typeof value === 'string' && /^[a-z_][a-z0-9_]{0,63}$/.test(value);
/** As the language has them. */
const isMapName: Check = (value) => typeof value === 'string' && /^@\w*$/.test(value);

const isBits: Check = (value) => isCount(value) && (value as number) <= MAX_BITS;
const isBitfield = isRecord({ shift: isBits, width: isBits });

/** Of all kinds that hold no other types. */
const leaf = isVariant({
  integer: isRecord({ size: integerSize, signed: isBoolean }),
  boolean: anything,
  none: anything,
  pointer: anything,
  enum: isRecord({ size: integerSize, signed: isBoolean, variants: isDictionary(isText) }),
  string: isRecord({ size, array: isOptional(isBoolean) }),
  buffer: isRecord({ size }),
  kstack: stack,
  ustack: stack,
  ksym: anything,
  usym: anything,
  username: anything,
  'cgroup-path': isRecord({ filter: isText }),
  container: anything,
  pod: anything,
  namespace: anything,
  timestamp: isRecord({ clock: isOneOf('boot', 'tai'), format: isText }),
  inet: anything,
  mac: anything,
});

function checkType(value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const inner: Check = (part) => checkType(part, depth + 1);
  const list = isRecord({
    size,
    fields: isList(
      isRecord({ name: isText, offset: size, type: inner, bitfield: isOptional(isBitfield) }),
    ),
  });
  if (isRecord({ kind: isOneOf('array'), element: inner, length: size })(value)) {
    const array = value as Extract<ValueType, { kind: 'array' }>;
    const element = sizeOfValue(array.element);
    return element > 0 && element * array.length <= MAX_VALUE_BYTES;
  }
  if (isRecord({ kind: isOneOf('tuple', 'record') })(value)) {
    return list(value) && fieldsFit(value as Extract<ValueType, { kind: 'record' | 'tuple' }>);
  }
  return leaf(value);
}

function fieldsFit(list: {
  readonly size: number;
  readonly fields: readonly FieldType[];
}): boolean {
  return list.fields.every(({ offset, type, bitfield }) => {
    const bytes =
      bitfield === undefined ? sizeOfValue(type) : Math.ceil((bitfield.shift + bitfield.width) / 8);
    return offset + bytes <= list.size;
  });
}

const lhist: Check = (value) => {
  if (!isRecord({ min: isBigint, max: isBigint, step: isBigint })(value)) return false;
  const { min, max, step } = value as Extract<MapValueType, { kind: 'lhist' }>;
  if (step <= 0n || max <= min || (max - min) / step > MAX_LHIST_BUCKETS) return false;
  return lhistBuckets(min, max, step) <= MAX_LHIST_BUCKETS;
};
const signed = isRecord({ signed: isBoolean });
const tseries: Check = (value) => {
  const shape = isRecord({
    signed: isBoolean,
    intervalNs: isBigint,
    intervals: isCount,
    aggregate: isOneOf('last', 'avg', 'sum', 'min', 'max'),
  });
  if (!shape(value)) return false;
  const { intervalNs, intervals } = value as Extract<MapValueType, { kind: 'tseries' }>;
  return intervalNs > 0n && intervals > 0 && intervals <= MAX_SERIES_INTERVALS;
};

const map = isRecord({
  name: isMapName,
  kernelMap: isText,
  perCpu: isBoolean,
  key: isOptional(type),
  value: isVariant({
    plain: isRecord({ type }),
    count: anything,
    sum: signed,
    min: signed,
    max: signed,
    avg: signed,
    stats: signed,
    tseries,
    hist: isRecord({ bits: isOneOf(0, 1, 2, 3, 4, 5) }),
    lhist,
  }),
  hostLocal: isBoolean,
});

const offset: Check = (value) => isCount(value) && (value as number) < MAX_RECORD_BYTES;
const field = isRecord({ offset, type, dynamic: isBoolean });
const place = {
  file: isText,
  line: isCount,
  column: isCount,
  endLine: isCount,
  endColumn: isCount,
  text: isText,
};
const at = isRecord({ ...place, expandedFrom: isOptional(isList(isRecord(place))) });
const formatted = { format: isText, arguments: isList(field) };
const printed = { probes: isOptional(isList(isText)) };
const named = { ...printed, names: isOptional(isList(isColumnName)) };

const event = isVariant({
  printf: isRecord({ ...formatted, ...named }),
  system: isRecord(formatted),
  cat: isRecord(formatted),
  errorf: isRecord({ ...formatted, at }),
  warnf: isRecord({ ...formatted, at }),
  'print-value': isRecord({ value: field, ...named }),
  'print-map': isRecord({ map: isText, top: isOptional(isCount), divisor: isOptional(isCount) }),
  clear: isRecord({ map: isText }),
  zero: isRecord({ map: isText }),
  time: isRecord({ format: isText, ...printed }),
  join: isRecord({ separator: isText, arguments: isList(field), ...printed }),
  exit: anything,
  'helper-error': isRecord({ helper: isText, at }),
  'runtime-error': isRecord({ message: isText, at }),
});

const checkSchema = isRecord({
  maps: isList(map),
  events: isList(event),
  output: isRecord({ printMapsOnExit: isBoolean, truncationTrailer: isText, maxCatBytes: isCount }),
});
