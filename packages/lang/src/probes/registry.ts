/** All providers. A new one is a record in its family's file. */
import type { Provider } from './attach-point.ts';
import { fentryKinds } from './fentry.ts';
import { kprobeKinds } from './kprobe.ts';
import { perfCounterKinds } from './perf-counter.ts';
import type { ProbeKind } from './probe-kind.ts';
import { specialKinds } from './special.ts';
import { iterKind } from './iter.ts';
import { timerKinds } from './timer.ts';
import { tracepointKinds } from './tracepoint.ts';
import { usdtKind } from './usdt.ts';
import { userFunctionKinds } from './user-function.ts';
import { watchpointKind } from './watchpoint.ts';

export const probeKinds: readonly ProbeKind[] = [
  ...specialKinds,
  ...kprobeKinds,
  ...fentryKinds,
  ...tracepointKinds,
  ...userFunctionKinds,
  ...timerKinds,
  ...perfCounterKinds,
  usdtKind,
  watchpointKind,
  iterKind,
];

export type KindLookup =
  | { readonly kind: 'known'; readonly probeKind: ProbeKind; readonly deprecated: boolean }
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
  return { kind: 'unknown' };
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
