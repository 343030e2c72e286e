/** `-l` and `-lv`: the probes of this machine that match a pattern. */
import { findProbeKind, providerNames, suggest } from '@bpfleet/lang';
import type { Machine } from '../target/machine.ts';
import { matcher } from '../target/wildcard.ts';
import { eventListers } from './event-listers.ts';
import { kernelListers } from './kernel-listers.ts';
import type { ListedProbe, ListPattern, ProbeLister } from './probe-lister.ts';
import { userListers } from './user-listers.ts';

const LISTERS: readonly ProbeLister[] = [
  ...eventListers,
  ...kernelListers,
  ...userListers,
].toSorted((a, b) => a.provider.localeCompare(b.provider));

/** Return probes are listed as what they return from. */
const LISTED_AS: Readonly<Record<string, string>> = {
  kretprobe: 'kprobe',
  uretprobe: 'uprobe',
};

/** Throws an Error for an unknown provider or a file that cannot be read. */
export function* listProbes(
  machine: Machine,
  pattern: string = '*:*',
  debug: ListPattern['debug'] = {},
): Generator<ListedProbe> {
  const colon = pattern.indexOf(':');
  const written = colon === -1 ? pattern : pattern.slice(0, colon);
  const rest = colon === -1 ? undefined : pattern.slice(colon + 1);
  if (written.includes('*')) {
    const matches = matcher(written);
    for (const lister of LISTERS) {
      if (lister.general && matches(lister.provider))
        yield* byName(lister.list(machine, { rest, debug }));
    }
    return;
  }
  const provider = providerOf(written, colon === -1);
  if (provider === undefined) {
    // A lone word is looked for in all names, as in `-l sys_enter_open`.
    yield* listProbes(machine, `*:*${written}*`, debug);
    return;
  }
  const listedAs = LISTED_AS[provider] ?? provider;
  const lister = LISTERS.find((one) => one.provider === listedAs);
  if (lister === undefined) return;
  for (const probe of byName(lister.list(machine, { rest, debug }))) {
    yield listedAs === provider
      ? probe
      : { ...probe, name: probe.name.replace(listedAs, provider) };
  }
}

function byName(probes: Iterable<ListedProbe>): readonly ListedProbe[] {
  return [...probes].toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function providerOf(written: string, alone: boolean): string | undefined {
  const found = findProbeKind(written);
  if (found.kind === 'known') return found.probeKind.name;
  if (alone) return undefined;
  const near = suggest(written, providerNames());
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  throw new Error(`list ${written}: unknown probe type${hint}`);
}
