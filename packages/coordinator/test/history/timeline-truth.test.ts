/**
 * Streams of which the truth is known, from hosts with skewed clocks that lose events: what is found live, what the store
 * has been given, through a restart, and what the history finds later are the same, and true.
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  FleetView,
  FrameCorrelation,
  Correlator,
  NO_LOSSES,
  referenceText,
  type Frame,
  type FrameHeader,
  type JoinSummary,
  type OutputItem,
  type Pair,
  type RunRequest,
  type Schema,
  type Span,
  type SpanSummary,
  type TimelineItem,
} from '@bpfleet/protocol';
import { parseCorrelation } from '../../src/correlation/requested.ts';
import type { SessionRecord } from '../../src/store/session-rows.ts';
import {
  BOOT_NS,
  recordedStore,
  sessionInfo,
  type RecordedStore,
} from '../support/recorded-store.ts';

const ENTER = 'tracepoint:syscalls:sys_enter_read';
const EXIT = 'tracepoint:syscalls:sys_exit_read';
const HOSTS = ['a', 'b', 'c'] as const;
const ERRORS: Readonly<Record<string, number>> = { a: 900_000, b: 40_000, c: 7 };
const WRITTEN = {
  spans: [
    `read: enter=${ENTER} exit=${EXIT} by tid`,
    `one: enter=${ENTER}/key=1/ exit=${EXIT} by pid`,
  ],
  joins: ['enter.key = exit.key within 1ms', 'read.key = exit.key within 200us'],
};

const NUMBER = { kind: 'integer', size: 8, signed: false } as const;

function printed(probe: string, word: string): Schema['events'][number] {
  const argument = { offset: 24, type: NUMBER, dynamic: false };
  return {
    kind: 'printf',
    format: `${word} %d\n`,
    arguments: [argument],
    names: ['key'],
    probes: [probe],
  };
}

const SCHEMA: Schema = {
  maps: [],
  events: [printed(ENTER, 'enter'), printed(EXIT, 'exit')],
  output: { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 1 },
};

/** The same numbers each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % sides;
  };
}

interface Happened {
  readonly host: string;
  readonly nsecs: bigint;
  readonly pid: number;
  readonly tid: number;
  readonly event: number;
  readonly key: number;
}

function recordOf({ nsecs, pid, tid, event, key }: Happened): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, nsecs, true);
  view.setUint32(8, tid, true);
  view.setUint32(12, pid, true);
  view.setUint32(16, event, true);
  view.setBigUint64(24, BigInt(key), true);
  return bytes;
}

/** Threads that nest calls. */
function hostStory(host: string, roll: (sides: number) => number): readonly Happened[] {
  const story: Happened[] = [];
  for (let thread = 0; thread < 4; thread += 1) {
    let nsecs = BigInt(1_000_000 + roll(1_000));
    let open = 0;
    for (let step = 0; step < 120; step += 1) {
      nsecs += BigInt(1_000 + roll(20_000));
      const enters = open === 0 || (open < 4 && roll(2) === 0);
      open += enters ? 1 : -1;
      const who = { host, pid: 10 + (thread >> 1), tid: 20 + thread };
      story.push({ ...who, nsecs, event: enters ? 0 : 1, key: roll(40) });
    }
  }
  return story.toSorted((one, other) => (one.nsecs < other.nsecs ? -1 : 1));
}

interface Sent {
  readonly header: FrameHeader;
  readonly frame: Frame;
}

/** As runners send it: what was lost is told ahead of the events that came with it. */
function framesOf(host: string, lossy: boolean, roll: (sides: number) => number): readonly Sent[] {
  const frames: Frame[] = [];
  const story = [...hostStory(host, roll)];
  let ringBuffer = 0;
  while (story.length > 0) {
    const drained = story.splice(0, 1 + roll(30));
    const kept = drained.filter(() => !lossy || roll(25) !== 0);
    if (kept.length < drained.length) {
      ringBuffer += drained.length - kept.length;
      const nsecs = (drained.at(-1)?.nsecs ?? 0n) + 1n;
      frames.push({ kind: 'losses', losses: { ...NO_LOSSES, ringBuffer }, nsecs });
    }
    // Two CPUs may send what happened within microseconds in another order.
    if (kept.length > 0) frames.push({ kind: 'events', records: kept.map(recordOf) });
  }
  frames.push({ kind: 'end', reason: 'stopped', exitCode: 0 });
  const skewNs = BigInt(HOSTS.indexOf(host as 'a')) * 77_777n;
  return frames.map((frame, sequence) => ({
    header: {
      ...{ session: 'told', host, schemaHash: 'h', epoch: 1, sequence },
      bootToUnixNs: BOOT_NS + skewNs,
    },
    frame,
  }));
}

/** Of all hosts, those of each in their order. */
function interleaved(lossy: boolean, roll: (sides: number) => number): readonly Sent[] {
  const queues = HOSTS.map((host) => [...framesOf(host, lossy, roll)]);
  const sent: Sent[] = [];
  while (queues.some(({ length }) => length > 0)) {
    const next = queues[roll(queues.length)]?.shift();
    if (next !== undefined) sent.push(next);
  }
  return sent;
}

const REQUEST: RunRequest = {
  ...{ program: '', sourceName: 'stdin', parameters: [], unsafe: false, who: 'tester' },
  selector: { hosts: [], labels: {} },
};

interface Found {
  readonly spans: readonly string[];
  readonly pairs: readonly string[];
  readonly summaries: readonly [readonly SpanSummary[], readonly JoinSummary[]];
}

function spanName({ name, enter, exit, durationNs, depth, uncertain }: Span): string {
  return `${name} ${referenceText(enter)} ${referenceText(exit)} ${durationNs} ${depth} ${uncertain}`;
}

function pairName({ join, left, right, differenceNs, errorNs, withinError }: Pair): string {
  return `${join} ${referenceText(left)} ${referenceText(right)} ${differenceNs} ${errorNs} ${withinError}`;
}

function found(
  items: readonly (OutputItem | TimelineItem)[],
  summaries: Found['summaries'],
): Found {
  return {
    spans: items.flatMap((item) => (item.kind === 'span' ? [spanName(item.span)] : [])).toSorted(),
    pairs: items.flatMap((item) => (item.kind === 'pair' ? [pairName(item.pair)] : [])).toSorted(),
    summaries,
  };
}

function live(sent: readonly Sent[]): Found {
  const correlation = parseCorrelation(WRITTEN);
  assert.ok(correlation !== undefined);
  const correlator = new Correlator(correlation);
  const view = new FleetView(SCHEMA, {
    fleet: true,
    correlation: new FrameCorrelation(correlator, (host) => ERRORS[host] ?? 0),
  });
  const items: OutputItem[] = [];
  for (const { header, frame } of sent) view.apply(header, frame);
  items.push(...view.flush());
  return found(items, [correlator.spans, correlator.joins]);
}

/** The coordinator is killed half way, and its successor reads the stream from the beginning. */
async function keep(
  { store }: RecordedStore,
  id: string,
  sent: readonly Sent[],
  { summaries: [spans, joins] }: Found,
): Promise<void> {
  const correlation = parseCorrelation(WRITTEN);
  const records = sent.map(({ header, frame }, index) => ({
    header: { ...header, session: id },
    frame,
    schema: SCHEMA,
    streamSequence: index + 1,
  }));
  const first = store.newRecorder(id, correlation);
  for (const one of records.slice(0, records.length / 2)) await first.record(one);
  await store.flush();
  const second = await store.recorder(id, correlation);
  for (const one of records) await second.record(one);
  await second.finish();
  const info = sessionInfo({ id }, HOSTS);
  const record: SessionRecord = {
    info: { ...info, coverage: { ...info.coverage, spans, joins } },
    schemas: { h: SCHEMA },
    request: { ...REQUEST, ...WRITTEN },
    factsOf: (host) => ({
      kernel: '',
      arch: '',
      clockOffsetNs: 0,
      clockErrorNs: ERRORS[host] ?? 0,
    }),
  };
  await store.putSession(record, 1);
  await store.flush();
}

async function later({ store }: RecordedStore, id: string): Promise<Found> {
  const items: TimelineItem[] = [];
  for await (const item of await store.history.timeline({ sessions: [{ id }], ...WRITTEN }))
    items.push(item);
  const end = items.at(-1);
  assert.ok(end?.kind === 'end');
  return found(items, [end.spans, end.joins]);
}

suite('what belongs together', () => {
  let recorded: RecordedStore;
  before(async () => {
    recorded = await recordedStore();
  });
  after(async () => {
    await recorded[Symbol.asyncDispose]();
  });

  for (const lossy of [false, true]) {
    test(`is the same live and later, ${lossy ? 'where events are lost' : 'where none is lost'}`, async () => {
      const id = lossy ? 'lossy' : 'whole';
      const sent = interleaved(lossy, dice(lossy ? 11 : 7));
      const told = live(sent);
      await keep(recorded, id, sent, told);
      assert.ok(told.spans.length > 500 && told.pairs.length > 100);
      assert.deepEqual(await later(recorded, id), told);

      const { rows } = await recorded.store.query(
        `SELECT name, host, epoch, sequence, index_in_frame, duration_ns, depth, uncertain FROM spans WHERE session = '${id}'`,
      );
      const kept = rows.map((row) => row.map(String).join(' '));
      const expected = told.spans.map((span) => {
        const [name, enter = '', , duration, depth, uncertain] = span.split(' ');
        return [name, ...enter.split('/'), duration, depth, uncertain].join(' ');
      });
      assert.deepEqual(kept.toSorted(), expected.toSorted());

      const shown = await recorded.store.history.show(id);
      assert.deepEqual(found(shown.output, told.summaries), told);

      const times = shown.output.flatMap((item) => (item.kind === 'span' ? [item.unixNs] : []));
      const fromNs = times[times.length >> 1] ?? 0n;
      const part = await recorded.store.history.show(id, { fromNs });
      const within = shown.output.filter(
        (item) => 'unixNs' in item && (item.unixNs ?? 0n) >= fromNs,
      );
      assert.deepEqual(found(part.output, told.summaries), found(within, told.summaries));

      const uncertain = told.spans.filter((span) => span.endsWith(' true')).length;
      if (lossy) assert.ok(uncertain > 0 && uncertain < told.spans.length);
      else assert.equal(uncertain, 0);
    });
  }

  test('a span that began an hour before the part that is shown ends in it', async () => {
    const hourNs = 3_600_000_000_000n;
    const who = { host: 'a', pid: 10, tid: 20, key: 2 };
    const header = { session: 'told', host: 'a', schemaHash: 'h', epoch: 1, bootToUnixNs: BOOT_NS };
    const sent = [
      { ...who, event: 0, nsecs: 0n },
      { ...who, event: 1, nsecs: hourNs },
    ].map((event, sequence): Sent => {
      const frame = { kind: 'events', records: [recordOf(event)] } as const;
      return { header: { ...header, sequence }, frame };
    });
    await keep(recorded, 'long', sent, live(sent));
    const shown = await recorded.store.history.show('long', { fromNs: BOOT_NS + hourNs });
    assert.deepEqual(
      shown.output.map(({ kind }) => kind),
      ['printf', 'span'],
    );
  });
});
