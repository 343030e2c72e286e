/** `-l` and `-lv`: the probes and types of this machine that match a pattern. */
import { existsSync } from 'node:fs';
import { findProbeKind, probeKinds, type Provider } from '@bpfleet/lang';
import type { Machine } from '../target/machine.ts';
import { matcher } from '../target/wildcard.ts';
import { eventListers } from './event-listers.ts';
import { kernelListers } from './kernel-listers.ts';
import { listTypes } from './list-types.ts';
import type { ListedProbe, ListSettings, ProbeLister } from './probe-lister.ts';
import { userListers } from './user-listers.ts';

const LISTERS: ReadonlyMap<string, ProbeLister> = new Map(
  [...eventListers, ...kernelListers, ...userListers].map((lister) => [lister.provider, lister]),
);

const TYPE_PATTERN = /^(?:struct|union|enum) /;

/**
 * `search` holds patterns with commas between them; everything when it is empty. Throws an Error for an unknown provider
 * or a file that cannot be read.
 */
export function* listProbes(
  machine: Machine,
  search: string,
  settings: ListSettings,
): Generator<ListedProbe> {
  for (const written of search.split(',').map((part) => part.trim().replaceAll(/\s+/g, ' '))) {
    if (TYPE_PATTERN.test(written)) {
      yield* listTypes(machine, written, settings.arguments);
    } else {
      const pattern = written === '' ? '*:*' : written.includes(':') ? written : `*:${written}`;
      yield* listPattern(machine, pattern, settings);
    }
  }
}

function* listPattern(
  machine: Machine,
  pattern: string,
  settings: ListSettings,
): Generator<ListedProbe> {
  const colon = pattern.indexOf(':');
  const rest = pattern.slice(colon + 1) || '*';
  for (const provider of providersOf(pattern.slice(0, colon), rest, settings)) {
    yield* listProvider(machine, provider, rest, settings);
  }
}

/** What `rest` names, of one provider. */
export function* listProvider(
  machine: Machine,
  provider: Provider,
  rest: string,
  settings: ListSettings,
): Generator<ListedProbe> {
  yield* byName(LISTERS.get(provider)?.list(machine, { rest, ...settings }) ?? []);
}

/** A wildcard means what is in the kernel, and what is in files if a process or a file is given. */
function providersOf(written: string, rest: string, { pid }: ListSettings): readonly Provider[] {
  if (!written.includes('*')) {
    const found = findProbeKind(written);
    if (found.kind === 'known') return [found.probeKind.name];
    throw new Error(`Invalid probe type: ${written}`);
  }
  const [file = ''] = rest.split(':');
  const inFiles = pid !== undefined || (file !== '' && !file.includes('*') && existsSync(file));
  const matches = matcher(written);
  return probeKinds
    .filter(
      ({ listed, name }) =>
        (listed === 'kernel' || (listed === 'user' && inFiles)) && matches(name),
    )
    .map(({ name }) => name)
    .toSorted();
}

/** In order, and each name once. */
function* byName(probes: Iterable<ListedProbe>): Generator<ListedProbe> {
  const named = new Map<string, ListedProbe>();
  for (const probe of probes) if (!named.has(probe.name)) named.set(probe.name, probe);
  for (const name of [...named.keys()].toSorted()) yield named.get(name) as ListedProbe;
}
