/** All providers. A new one is a record in its family's file. */
import type { Provider } from './attach-point.ts';
import { kernelFunctionKinds } from './kernel-function.ts';
import { perfCounterKinds } from './perf-counter.ts';
import type { ProbeKind } from './probe-kind.ts';
import { specialKinds } from './special.ts';
import { timerKinds } from './timer.ts';
import { tracepointKinds } from './tracepoint.ts';
import { userFunctionKinds } from './user-function.ts';

export const probeKinds: readonly ProbeKind[] = [
  ...specialKinds,
  ...kernelFunctionKinds,
  ...tracepointKinds,
  ...userFunctionKinds,
  ...timerKinds,
  ...perfCounterKinds,
];

/** Providers of bpftrace that are known and refused. */
const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['watchpoint', 'watchpoint'],
  ['w', 'watchpoint'],
  ['iter', 'iter'],
  ['it', 'iter'],
]);

export type KindLookup =
  | { readonly kind: 'known'; readonly probeKind: ProbeKind; readonly deprecated: boolean }
  | { readonly kind: 'unsupported'; readonly provider: string }
  | { readonly kind: 'unknown' };

/** By canonical name in any case, or by alias; `U` is usdt and `u` is uprobe. */
export function findProbeKind(written: string): KindLookup {
  const lower = written.toLowerCase();
  for (const probeKind of probeKinds) {
    if (probeKind.name === lower || probeKind.aliases.includes(written)) {
      return { kind: 'known', probeKind, deprecated: false };
    }
    if (probeKind.deprecatedAliases?.includes(lower) === true) {
      return { kind: 'known', probeKind, deprecated: true };
    }
  }
  const unsupported = UNSUPPORTED.get(lower);
  return unsupported === undefined
    ? { kind: 'unknown' }
    : { kind: 'unsupported', provider: unsupported };
}

/** The record of a provider that a checked probe names. */
export function probeKindOf(provider: string): ProbeKind {
  const found = probeKinds.find((kind) => kind.name === provider);
  if (found === undefined) throw new TypeError(`no probe kind named ${provider}`);
  return found;
}

export function providerNames(): readonly Provider[] {
  return probeKinds.map((kind) => kind.name);
}
