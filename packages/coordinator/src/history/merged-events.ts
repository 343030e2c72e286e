/** Events and losses of several sessions in one order, each host's by its own clock. */
import { HostAlignment, type Loss, type Schema } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import {
  storedEvents,
  type EventFilter,
  type EventSource,
  type StoredEvent,
} from './stored-events.ts';
import { storedLosses } from './stored-losses.ts';

export interface LabelledSource extends EventSource {
  readonly label: string;
}

export type Happened =
  | {
      readonly kind: 'event';
      readonly unixNs: bigint;
      readonly event: StoredEvent['event'];
      readonly schema: Schema | undefined;
      readonly label: string;
    }
  | { readonly kind: 'loss'; readonly unixNs: bigint; readonly loss: Loss };

interface Head {
  readonly next: AsyncGenerator<Happened>;
  current: Happened;
}

/**
 * Two sessions know a host's clock differently well; within a session that does not change the order of a host's
 * events, so what is late by the difference waits until it cannot be.
 */
export async function* mergedEvents(
  reader: StoreReader,
  sources: readonly LabelledSource[],
  filter: EventFilter,
): AsyncGenerator<Happened> {
  const alignment = new HostAlignment();
  const shifts = new Map<string, bigint>();
  let widest = 0n;
  for (const { session } of sources) {
    for (const { host, base } of await clockBases(reader, session)) {
      const shift = alignment.align(host, 0n, base) - base;
      shifts.set(`${session} ${host} ${base}`, shift);
      if (shift > widest || -shift > widest) widest = shift < 0n ? -shift : shift;
    }
  }
  const shiftOf = (session: string, host: string, base: bigint): bigint =>
    shifts.get(`${session} ${host} ${base}`) ?? 0n;
  const waiting: Happened[] = [];
  for await (const happened of inOrder(reader, sources, filter, shiftOf, widest)) {
    if (widest === 0n) {
      yield happened.happened;
      continue;
    }
    insert(waiting, happened.happened);
    while (waiting[0] !== undefined && waiting[0].unixNs < happened.rawNs - widest) {
      const [first] = waiting.splice(0, 1);
      if (first !== undefined) yield first;
    }
  }
  yield* waiting;
}

/** In order of the times by which each session told them. */
async function* inOrder(
  reader: StoreReader,
  sources: readonly LabelledSource[],
  filter: EventFilter,
  shiftOf: (session: string, host: string, base: bigint) => bigint,
  widest: bigint,
): AsyncGenerator<{ readonly happened: Happened; readonly rawNs: bigint }> {
  const wider = {
    ...filter,
    ...(filter.fromNs !== undefined && { fromNs: filter.fromNs - widest }),
    ...(filter.toNs !== undefined && { toNs: filter.toNs + widest }),
  };
  const rawOf = new WeakMap<Happened, bigint>();
  async function* eventsOf(source: LabelledSource): AsyncGenerator<Happened> {
    for await (const { event, schema, bootToFleetNs } of storedEvents(reader, source, wider)) {
      const unixNs = event.unixNs + shiftOf(source.session, event.host, bootToFleetNs);
      if (!isWithin(unixNs, filter)) continue;
      const happened: Happened = {
        kind: 'event',
        unixNs,
        event: unixNs === event.unixNs ? event : { ...event, unixNs },
        schema,
        label: source.label,
      };
      rawOf.set(happened, event.unixNs);
      yield happened;
    }
  }
  async function* lossesOf({ session }: LabelledSource): AsyncGenerator<Happened> {
    for await (const loss of storedLosses(reader, session, filter)) {
      yield { kind: 'loss', unixNs: loss.fromNs, loss };
    }
  }
  const rawNsOf = (happened: Happened): bigint => rawOf.get(happened) ?? happened.unixNs;
  const heads: Head[] = [];
  // A loss comes after the last event before it, which has the same time.
  for (const next of [...sources.map(eventsOf), ...sources.map(lossesOf)]) {
    const first = await next.next();
    if (first.done !== true) heads.push({ next, current: first.value });
  }
  while (heads.length > 0) {
    const head = heads.reduce((a, b) => (rawNsOf(b.current) < rawNsOf(a.current) ? b : a));
    yield { happened: head.current, rawNs: rawNsOf(head.current) };
    const { done, value } = await head.next.next();
    if (done === true) heads.splice(heads.indexOf(head), 1);
    else head.current = value;
  }
}

function isWithin(unixNs: bigint, { fromNs, toNs }: EventFilter): boolean {
  return (fromNs === undefined || unixNs >= fromNs) && (toNs === undefined || unixNs < toNs);
}

function insert(waiting: Happened[], happened: Happened): void {
  let at = waiting.length;
  while (at > 0 && (waiting[at - 1]?.unixNs ?? 0n) > happened.unixNs) at -= 1;
  waiting.splice(at, 0, happened);
}

/** What was added to the boot clocks of a session's hosts. */
async function clockBases(
  reader: StoreReader,
  session: string,
): Promise<readonly { readonly host: string; readonly base: bigint }[]> {
  const rows = await reader.rows<{ readonly host: string; readonly base: string }>(
    `SELECT host, boot_to_unix_ns AS base FROM events WHERE session = {session:String}
     GROUP BY host, base ORDER BY host, min(at)`,
    { session },
  );
  return rows.map(({ host, base }) => ({ host, base: BigInt(base) }));
}
