/** Everything that is fuzzed. */
import type { FuzzTarget } from '../target.ts';
import { BINARY_FILES } from './binary-files.ts';
import { HOST_TEXTS } from './host-texts.ts';
import { HTTP } from './http.ts';
import { LANGUAGE } from './language.ts';
import { TRUST } from './trust.ts';
import { WIRE } from './wire.ts';

export const TARGETS: readonly FuzzTarget[] = [
  ...LANGUAGE,
  ...WIRE,
  ...BINARY_FILES,
  ...HOST_TEXTS,
  ...HTTP,
  ...TRUST,
];

/** Throws for a name that no target has. */
export function findTarget(name: string): FuzzTarget {
  const found = TARGETS.find((target) => target.name === name);
  if (found !== undefined) return found;
  const names = TARGETS.map((target) => target.name).join(', ');
  throw new Error(`no fuzz target ${name}: there are ${names}`);
}
