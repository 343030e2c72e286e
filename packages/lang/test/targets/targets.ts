/** Saved targets for tests. In their JSON, `"12n"` is a bigint. */
import { readFileSync } from 'node:fs';
import type { Target } from '../../src/target.ts';

export function loadTarget(name: string): Target {
  const text = readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text, revive) as Target;
}

function revive(_key: string, value: unknown): unknown {
  const bigint = typeof value === 'string' && /^-?\d+n$/.test(value);
  return bigint ? BigInt(value.slice(0, -1)) : value;
}

/** A locked-down host: no kprobes, fentry refused. */
export const lockedDown: Target = loadTarget('linux-6.18-x86_64');

/** The same host with trampolines, but without kprobes. */
export const withFentry: Target = {
  ...lockedDown,
  features: { ...lockedDown.features, fentry: true },
};

/** The same host as most are: with kprobes and trampolines. */
export const withKprobes: Target = {
  ...lockedDown,
  features: { ...lockedDown.features, fentry: true, kprobe: true },
};
