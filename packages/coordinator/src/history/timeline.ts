/**
 * Timelines: what sessions printed, in one order, with the spans and pairs that the same matchers find in it which
 * find them live. Rows are read as they are needed, however long the history is.
 */
import {
  Correlator,
  DefinitionFault,
  printingPlaces,
  referenceText,
  ThreadGaps,
  type Correlation,
  type RunRequest,
  type SessionInfo,
  type TimelineItem,
  type TimelineRequest,
} from '@bpfleet/protocol';
import { checkAgainst, parseCorrelation } from '../correlation/requested.ts';
import type { StoreReader } from '../store/reader.ts';
import { centreOf } from './around.ts';
import { HistoryFault } from './find-session.ts';
import type { KnownSession } from './find-session.ts';
import { mergedEvents, type Happened, type LabelledSource } from './merged-events.ts';
import type { EventFilter } from './stored-events.ts';

/** Of the history. */
export interface SessionFinder {
  find(name: string): Promise<KnownSession>;
  request(name: string): Promise<RunRequest>;
}

interface Opened {
  readonly sources: readonly LabelledSource[];
  readonly filter: EventFilter;
  readonly correlation: Correlation;
  /** As `referenceText` writes it. */
  readonly centre: string | undefined;
}

const NOTHING: Correlation = { spans: [], automatic: false, joins: [] };

/** @throws {HistoryFault} where it cannot begin; the rest comes as it is read */
export async function openTimeline(
  reader: StoreReader,
  finder: SessionFinder,
  request: TimelineRequest,
): Promise<AsyncGenerator<TimelineItem>> {
  const opened = await open(reader, finder, request);
  const events = mergedEvents(reader, opened.sources, opened.filter);
  const first = await events.next();
  if (first.done === true) throw nothingThere(opened);
  return items(opened, first.value, events);
}

async function open(
  reader: StoreReader,
  finder: SessionFinder,
  request: TimelineRequest,
): Promise<Opened> {
  const named = [];
  for (const { id, label } of request.sessions) {
    named.push({ known: await finder.find(id), label: label ?? id });
  }
  const centre = await centreOf(
    reader,
    named.map(({ known }) => known.session.id),
    request,
  );
  for (const id of centre.more) named.push({ known: await finder.find(id), label: id });
  const labels = named.map(({ label }) => label);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) throw new HistoryFault('invalid', `${twice} is named twice`);
  const sources: LabelledSource[] = named.map(({ known: { session, schemas }, label }) => ({
    ...{ session: session.id, label, schemas },
    clocks: {},
  }));
  for (const [index, source] of sources.entries()) {
    sources[index] = { ...source, clocks: await clocksOf(reader, source.session) };
  }
  const correlation = await correlationOf(finder, request, sources, named);
  return { sources, filter: centre.filter, correlation, centre: centre.reference };
}

async function correlationOf(
  finder: SessionFinder,
  { spans, joins }: TimelineRequest,
  sources: readonly LabelledSource[],
  named: readonly { readonly known: { readonly session: SessionInfo } }[],
): Promise<Correlation> {
  const sessions = sources.map(({ label, schemas }) => ({
    label,
    places: Object.values(schemas).flatMap(printingPlaces),
  }));
  try {
    const asked =
      spans === undefined && joins === undefined ? await ownOf(finder, named) : { spans, joins };
    const correlation = parseCorrelation({
      ...(asked.spans !== undefined && { spans: asked.spans }),
      ...(asked.joins !== undefined && { joins: asked.joins }),
    });
    if (correlation === undefined) return NOTHING;
    checkAgainst(correlation, sessions);
    return correlation;
  } catch (error) {
    if (error instanceof DefinitionFault) throw new HistoryFault('invalid', error.shown);
    throw error;
  }
}

/** What a single session was run with. */
async function ownOf(
  finder: SessionFinder,
  named: readonly { readonly known: { readonly session: SessionInfo } }[],
): Promise<Pick<RunRequest, 'spans' | 'joins'>> {
  const [only, other] = named;
  if (only === undefined || other !== undefined) return {};
  try {
    return await finder.request(only.known.session.id);
  } catch (error) {
    if (error instanceof HistoryFault) return {};
    throw error;
  }
}

async function* items(
  { sources, correlation, centre }: Opened,
  first: Happened,
  events: AsyncGenerator<Happened>,
): AsyncGenerator<TimelineItem> {
  yield {
    kind: 'timeline',
    sessions: sources.map(({ session, label }) => ({ id: session, label })),
    clocks: Object.assign({}, ...sources.map(({ clocks }) => clocks)) as Record<string, number>,
  };
  const correlator = new Correlator(correlation);
  const gaps = new ThreadGaps();
  let count = 0;
  for (let happened: Happened | undefined = first; happened !== undefined;) {
    if (happened.kind === 'loss') {
      correlator.lose(happened.loss.host, happened.loss.toNs);
      yield happened;
    } else {
      const { event, schema, label } = happened;
      const gapNs = gaps.gapBefore(event);
      const isCentre = centre === referenceText(event);
      count += 1;
      yield {
        ...{ kind: 'event', event, label },
        ...(gapNs !== undefined && { gapNs }),
        ...(isCentre && { isCentre }),
      };
      if (schema !== undefined) yield* correlator.take(event, schema, label);
    }
    const next: IteratorResult<Happened> = await events.next();
    happened = next.done === true ? undefined : next.value;
  }
  yield { kind: 'end', events: count, spans: correlator.spans, joins: correlator.joins };
}

async function clocksOf(
  reader: StoreReader,
  session: string,
): Promise<Readonly<Record<string, number>>> {
  const rows = await reader.rows<{ readonly host: string; readonly error: string }>(
    'SELECT host, clock_error_ns AS error FROM hosts FINAL WHERE session = {session:String}',
    { session },
  );
  return Object.fromEntries(rows.map(({ host, error }) => [host, Number(error)]));
}

function nothingThere({ sources, filter }: Opened): HistoryFault {
  const { host, pid, tid, fromNs, toNs } = filter;
  const part = [
    ...(host === undefined ? [] : [`on host ${host}`]),
    ...(pid === undefined ? [] : [`of pid ${pid}`]),
    ...(tid === undefined ? [] : [`of tid ${tid}`]),
    ...(fromNs === undefined && toNs === undefined ? [] : ['in this time']),
  ];
  const names = sources.map(({ session }) => session).join(', ');
  const where = part.length === 0 ? '' : ` ${part.join(' ')}`;
  return new HistoryFault(
    'not-found',
    `session ${names} printed nothing${where}; "bpfleet history show" shows what it counted`,
  );
}
