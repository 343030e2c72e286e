/** What can be wrong with maps, beyond the types of their values. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error, warning } from './message.ts';

/** Keyed before and scalar now, or the other way round. */
export function mixedKeys(span: Span, map: string, keyedBefore: boolean): Diagnostic {
  return error(
    'mixed-map-keys',
    span,
    keyedBefore
      ? `${map} used as a map without an explicit key (scalar map), previously used with an explicit key (non-scalar map)`
      : `${map} used as a map with an explicit key (non-scalar map), previously used without an explicit key (scalar map)`,
  );
}

export function keyMismatch(span: Span, map: string, given: string, current: string): Diagnostic {
  return error(
    'key-mismatch',
    span,
    `Argument mismatch for ${map}: trying to access with arguments: '${given}' when map expects arguments: '${current}'`,
  );
}

export function keyTypeMismatch(
  span: Span,
  map: string,
  given: string,
  current: string,
): Diagnostic {
  return error(
    'key-mismatch',
    span,
    `Type mismatch for ${map}: trying to assign key of type '${given}' when map already has a key type '${current}'`,
  );
}

export function aggregationAsKey(span: Span, type: string): Diagnostic {
  return error('bad-map-key', span, `Value '${type}' cannot be used as a map key.`);
}

export function aggregationInside(span: Span, type: string, what: 'tuple' | 'record'): Diagnostic {
  return error('aggregation-inside', span, `Map type ${type} cannot exist inside a ${what}.`);
}

export function badKey(span: Span, type: string): Diagnostic {
  return error('bad-map-key', span, `${type} cannot be part of a map key`);
}

export function aggregationMismatch(
  span: Span,
  map: string,
  given: string,
  current: string,
): Diagnostic {
  return error(
    'type-mismatch',
    span,
    `Type mismatch for ${map}: trying to assign value of type '${given}' when map already has a type '${current}'`,
  );
}

export function bucketsDiffer(span: Span, name: string): Diagnostic {
  const what = name === 'hist' ? 'bits in a single hist' : `${name} bounds in a single map`;
  return error('buckets-differ', span, `Different ${what} unsupported`);
}

export function unknownMapType(span: Span, name: string, known: readonly string[]): Diagnostic {
  return error('unknown-map-type', span, `Invalid bpf map type: ${name}`, [
    `Valid map types: ${known.join(', ')}`,
  ]);
}

export function mapTypeMismatch(span: Span, declared: string, needed: string): Diagnostic {
  return error(
    'map-type-mismatch',
    span,
    `Incompatible map types. Type from declaration: ${declared}. Type from value/key type: ${needed}`,
  );
}

export function unusedMap(span: Span, map: string): Diagnostic {
  return warning('unused-map', span, `Unused map: ${map}`);
}

export function scalarIterated(span: Span, map: string): Diagnostic {
  return error(
    'scalar-map-iterated',
    span,
    `${map} has no explicit keys (scalar map), and cannot be used for iteration`,
  );
}

export function notIterable(span: Span, type: string): Diagnostic {
  return error('not-iterable', span, `Loop expression does not support type: ${type}`);
}
