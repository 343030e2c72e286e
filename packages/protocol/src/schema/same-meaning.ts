/**
 * Whether two hosts mean the same by a program's maps. Kernels lay the same types out differently, and that merges; where a
 * key or value is something else on one of them, there is no merging it.
 */
import type { MapSchema, MapValueType } from './map-schema.ts';
import type { Schema } from './schema.ts';
import type { FieldType, ValueType } from './value-type.ts';

/**
 * Of the maps that both have: the first difference in meaning, such as `the key of @x is text, elsewhere a number`.
 * Undefined if there is none. Events need not agree: each is read as its own host laid it out.
 */
export function differenceInMeaning(reference: Schema, other: Schema): string | undefined {
  for (const map of other.maps) {
    const same = reference.maps.find(({ name }) => name === map.name);
    const difference = same === undefined ? undefined : mapDifference(same, map);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function mapDifference(reference: MapSchema, other: MapSchema): string | undefined {
  return (
    differ(`the key of ${other.name}`, keyMeaning(reference), keyMeaning(other)) ??
    differ(`the value of ${other.name}`, aggregate(reference.value), aggregate(other.value))
  );
}

function differ(what: string, reference: string, other: string): string | undefined {
  return reference === other ? undefined : `${what} is ${other}, elsewhere ${reference}`;
}

function keyMeaning({ key }: MapSchema): string {
  return key === undefined ? 'none' : meaning(key);
}

function aggregate(value: MapValueType): string {
  switch (value.kind) {
    case 'plain':
      return meaning(value.type);
    case 'hist':
      return `hist of ${value.bits} bits`;
    case 'lhist':
      return `lhist from ${value.min} to ${value.max} by ${value.step}`;
    case 'tseries':
      return `tseries of ${value.intervals} times ${value.intervalNs} ns`;
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
      return value.kind;
  }
}

/** Widths, signs and offsets are layout. */
function meaning(type: ValueType): string {
  switch (type.kind) {
    case 'integer':
    case 'enum':
    case 'pointer':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'none':
      return 'nothing';
    case 'string':
      return 'text';
    case 'buffer':
      return 'bytes';
    case 'array':
      return `an array of ${meaning(type.element)}`;
    case 'tuple':
      return `(${type.fields.map((field) => meaning(field.type)).join(', ')})`;
    case 'record':
      return `{ ${type.fields.map(member).join(', ')} }`;
    case 'kstack':
      return 'a kernel stack';
    case 'ustack':
      return 'a user stack';
    case 'ksym':
      return 'a kernel symbol';
    case 'usym':
      return 'a user symbol';
    case 'username':
      return 'a user';
    case 'cgroup-path':
      return 'a path of a cgroup';
    case 'container':
      return 'a container';
    case 'pod':
      return 'a pod';
    case 'namespace':
      return 'a namespace';
    case 'timestamp':
      return 'a time';
    case 'inet':
      return 'an address of a network';
    case 'mac':
      return 'an address of an interface';
  }
}

/** A record prints with the names of its members, so those must be the same, in the same order. */
function member({ name, type }: FieldType): string {
  return `${name}: ${meaning(type)}`;
}
