/**
 * What coordinators keep of each host of a session, in pages beside its entry: that it was selected, its clock, and how
 * it ended. With thousands of hosts these are hundreds of kilobytes, of which agents need nothing.
 */
import type { KeptClock } from '../fleet/clock.ts';
import type { HostProgress } from './host-progress.ts';

/** NATS takes messages up to 1 MB; a page that changes is written as a whole. */
const PAGE_CHARACTERS = 256 * 1024;
/** A reason may be all that a verifier said. */
const MAX_REASON = 16 * 1024;

export interface HostFacts {
  /** When the session was made. */
  readonly selected?: true;
  readonly clock?: KeptClock;
  /** Of one that did not simply end. */
  readonly end?: HostProgress;
}

export interface HostRecords {
  /** Selected when the session was made. */
  readonly hosts: readonly string[];
  readonly clocks: Readonly<Record<string, KeptClock>>;
  readonly ends: Readonly<Record<string, HostProgress>>;
}

interface Page {
  /** A session that is taken over gets new pages, so that its owner before can write none. */
  readonly owner?: string;
  readonly hosts: readonly (readonly [name: string, facts: HostFacts])[];
}

/** Hosts keep their places: where one is added, most pages stay as they are. */
export function encodeHostPages(owner: string | undefined, records: HostRecords): string[] {
  const { hosts, clocks, ends } = records;
  const selected = new Set(hosts);
  const names = new Set([...hosts, ...Object.keys(clocks), ...Object.keys(ends)]);
  const pages: string[][] = [];
  let room = 0;
  for (const name of names) {
    const clock = Object.hasOwn(clocks, name) ? clocks[name] : undefined;
    const end = Object.hasOwn(ends, name) ? ends[name] : undefined;
    const facts: HostFacts = {
      ...(selected.has(name) && { selected: true }),
      ...(clock !== undefined && { clock }),
      ...(end !== undefined && { end: withShortReason(end) }),
    };
    const text = JSON.stringify([name, facts]);
    if (text.length > room || pages.length === 0) {
      pages.push([]);
      room = PAGE_CHARACTERS;
    }
    pages.at(-1)?.push(text);
    room -= text.length;
  }
  const head = owner === undefined ? '{' : `{"owner":${JSON.stringify(owner)},`;
  return pages.map((page) => `${head}"hosts":[${page.join(',')}]}`);
}

/** Undefined for what no coordinator of this version wrote. */
export function decodeHostPages(pages: readonly string[]): HostRecords | undefined {
  const all: Page['hosts'][number][] = [];
  for (const text of pages) {
    const page = pageOf(text);
    if (page === undefined) return undefined;
    for (const host of page.hosts) all.push(host);
  }
  return {
    hosts: all.filter(([, { selected }]) => selected === true).map(([name]) => name),
    clocks: Object.fromEntries(
      all.flatMap(([name, { clock }]) => (clock === undefined ? [] : [[name, clock]])),
    ),
    ends: Object.fromEntries(
      all.flatMap(([name, { end }]) => (end === undefined ? [] : [[name, end]])),
    ),
  };
}

function pageOf(text: string): Page | undefined {
  try {
    const page = JSON.parse(text) as Partial<Page> | null;
    return Array.isArray(page?.hosts) && page.hosts.every(isEntry) ? (page as Page) : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [name, facts] = value as readonly unknown[];
  return typeof name === 'string' && typeof facts === 'object' && facts !== null;
}

function withShortReason(end: HostProgress): HostProgress {
  const { reason } = end;
  if (reason === undefined || reason.length <= MAX_REASON) return end;
  return { ...end, reason: `${reason.slice(0, MAX_REASON)}…` };
}
