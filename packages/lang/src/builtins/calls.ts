/** All functions. A new one is a record in its family's file. */
import { addressCalls } from './address-calls.ts';
import { aggregationNames } from './aggregations.ts';
import type { CallKind } from './call-kind.ts';
import { fileCalls } from './file-calls.ts';
import { mapCalls } from './map-calls.ts';
import { networkCalls } from './network-calls.ts';
import { outputCalls } from './output-calls.ts';
import { stringCalls } from './string-calls.ts';
import { systemCalls } from './system-calls.ts';
import { valueCalls } from './value-calls.ts';
import { findVariable } from './variables.ts';

const families = [
  outputCalls,
  valueCalls,
  mapCalls,
  stringCalls,
  networkCalls,
  fileCalls,
  systemCalls,
  addressCalls,
];
const byName = new Map(families.flat().map((kind) => [kind.name, kind]));

/** Functions whose values are known before the program runs: folded to literals. */
export const CONSTANT_CALLS: ReadonlySet<string> = new Set([
  'kaddr',
  'cgroupid',
  'is_literal',
  'is_scalar',
  'kfunc_allowed',
  'kfunc_exist',
  '__label',
]);

export function findCall(name: string): CallKind | undefined {
  return byName.get(name);
}

/** Builtins that take arguments in bpftrace, such as `comm(pid)`, and none here. */
export function isUnsupportedCall(name: string): boolean {
  return findVariable(name) !== undefined && !byName.has(name);
}

export function callNames(): readonly string[] {
  return [...byName.keys(), ...aggregationNames(), ...CONSTANT_CALLS];
}
