/**
 * What a fleet would have sent in weeks of tracing reads: the same for every run. Each session is one of some hours' work
 * of a person who looks at how long reads take, on all hosts.
 */
import type { Frame, FrameHeader, RawMapEntry, Schema, SessionInfo } from '@bpfleet/protocol';
import { NO_COST, NO_LOSSES } from '@bpfleet/protocol';
import { compiledSchema } from '../simulate/load.ts';
import { seededRandom, type Random } from './seeded-random.ts';

export interface WeekShape {
  readonly hosts: number;
  readonly sessions: number;
  readonly days: number;
  /** Of each session and host. */
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly eventsPerRound: number;
}

export interface SentFrame {
  readonly header: FrameHeader;
  readonly frame: Frame;
}

/** What is printed has the shape of `comm, args.ret, $us`, what is counted that of latencies by command. */
export const PROGRAM: string = String.raw`BEGIN {
  $us = nsecs / 1000;
  printf("%s read %d in %d us\n", comm, (int64)pid, $us);
  @us[comm] = hist($us);
  @reads[comm] = count();
}`;
export const SCHEMA: Schema = compiledSchema(PROGRAM);

const COMMANDS: readonly string[] = [
  ...['nginx', 'postgres', 'java', 'node', 'redis-server', 'kworker/u8:1', 'sshd', 'systemd'],
];
const BUCKETS = 40;
/** The first session began then: 2026-01-05, Unix seconds. */
const BEGINNING = 1_767_571_200;

/** Frames of a session in the order of the stream: round by round, all hosts in each. */
export function* framesOf(shape: WeekShape, session: number): Iterable<SentFrame> {
  const random = seededRandom(session + 1);
  const hosts = Array.from({ length: shape.hosts }, (_, host) => new TracedHost(host, random));
  const startNs = BigInt(startOf(shape, session)) * 1_000_000_000n;
  for (let round = 0; round < shape.rounds; round++) {
    const fromNs = BigInt(round * shape.roundSeconds) * 1_000_000_000n;
    for (const host of hosts) {
      for (const frame of host.round(fromNs, shape)) {
        yield { header: host.header(sessionId(session), startNs), frame };
      }
    }
  }
}

export function sessionId(session: number): string {
  return `sbench${session}`;
}

/** Unix seconds. */
export function startOf({ days, sessions }: WeekShape, session: number): number {
  return BEGINNING + Math.floor((session * days * 86_400) / sessions);
}

export function infoOf(shape: WeekShape, session: number): SessionInfo {
  const startedAtMs = startOf(shape, session) * 1_000;
  return {
    id: sessionId(session),
    program: PROGRAM,
    sourceName: 'stdin',
    selector: { hosts: [], labels: {} },
    merge: 'meaning',
    state: 'ended',
    createdAtMs: startedAtMs - 500,
    startedAtMs,
    endedAtMs: startedAtMs + shape.rounds * shape.roundSeconds * 1_000,
    coverage: {
      hosts: Array.from({ length: shape.hosts }, (_, host) => ({
        host: hostName(host),
        state: 'ended',
        late: false,
        losses: NO_LOSSES,
        cost: NO_COST,
      })),
      losses: NO_LOSSES,
      clockErrorNs: 1_000_000,
      digest: '0123456789abcdef',
      who: 'bench',
    },
  };
}

function hostName(host: number): string {
  return `host-${String(host).padStart(3, '0')}`;
}

class TracedHost {
  readonly #name: string;
  readonly #random: Random;
  readonly #reads = COMMANDS.map(() => 0n);
  readonly #buckets = COMMANDS.map(() => new Map<number, bigint>());
  /** How slow its disk is: hosts differ. */
  readonly #slowness: number;
  #sequence = 0;

  constructor(host: number, random: Random) {
    this.#name = hostName(host);
    this.#random = random;
    this.#slowness = 1 + (host % 7) / 3;
  }

  header(session: string, bootToUnixNs: bigint): FrameHeader {
    const sequence = this.#sequence++;
    return { session, host: this.#name, schemaHash: 'bench', epoch: 1, sequence, bootToUnixNs };
  }

  *round(fromNs: bigint, { eventsPerRound, roundSeconds }: WeekShape): Iterable<Frame> {
    const records: Uint8Array[] = [];
    const stepNs = BigInt(Math.floor((roundSeconds * 1e9) / eventsPerRound));
    for (let index = 0; index < eventsPerRound; index++) {
      const jitter = BigInt(Math.floor(this.#random() * Number(stepNs)));
      records.push(this.#read(fromNs + BigInt(index) * stepNs + jitter));
    }
    yield { kind: 'events', records };
    const nsecs = fromNs + BigInt(roundSeconds) * 1_000_000_000n - 1n;
    const frame = { kind: 'map', window: 0, nsecs, deleted: [] } as const;
    const counted = this.#reads.flatMap((count, at) => (count === 0n ? [] : [{ count, at }]));
    const reads = counted.map(({ count, at }): RawMapEntry => {
      return { key: keyOf(at), value: { kind: 'count', count } };
    });
    yield { ...frame, map: '@reads', entries: reads };
    const times = counted.map(({ at }): RawMapEntry => {
      const buckets = [...(this.#buckets[at] ?? [])].sort(([a], [b]) => a - b);
      return { key: keyOf(at), value: { kind: 'hist', buckets } };
    });
    yield { ...frame, map: '@us', entries: times };
  }

  #read(nsecs: bigint): Uint8Array {
    // Few commands read most.
    const command = Math.floor(COMMANDS.length * this.#random() ** 3);
    const us = Math.floor(
      Math.exp(1 + 3 * gaussian(this.#random)) * this.#slowness * (command + 1),
    );
    const bytes = this.#random() < 0.1 ? -11 : 1 << Math.floor(16 * this.#random());
    this.#reads[command] = (this.#reads[command] ?? 0n) + 1n;
    const bucket = Math.min(BUCKETS, us === 0 ? 1 : 2 + Math.floor(Math.log2(us)));
    const buckets = this.#buckets[command];
    buckets?.set(bucket, (buckets.get(bucket) ?? 0n) + 1n);
    return recordOf(nsecs, 1_000 + command * 10 + Math.floor(4 * this.#random()), command, [
      BigInt(bytes),
      BigInt(us),
    ]);
  }
}

const KEYS = COMMANDS.map((name) => {
  const key = new Uint8Array(16);
  new TextEncoder().encodeInto(name, key);
  return key;
});

function keyOf(command: number): Uint8Array {
  return KEYS[command] ?? new Uint8Array(16);
}

function recordOf(
  nsecs: bigint,
  pid: number,
  command: number,
  numbers: readonly [bigint, bigint],
): Uint8Array {
  const [event] = SCHEMA.events;
  if (event?.kind !== 'printf') throw new Error('compile: no printf');
  const [comm, bytes, us] = event.arguments;
  if (comm === undefined || bytes === undefined || us === undefined) throw new Error('arguments');
  const end = Math.max(comm.offset + (comm.dynamic ? 8 : 16), bytes.offset + 8, us.offset + 8);
  const text = new TextEncoder().encode(COMMANDS[command] ?? '');
  const record = new Uint8Array(end + (comm.dynamic ? text.length : 0));
  const view = new DataView(record.buffer);
  view.setBigUint64(0, nsecs, true);
  view.setUint32(8, pid, true);
  view.setUint32(12, pid, true);
  if (comm.dynamic) {
    view.setUint32(comm.offset, end, true);
    view.setUint32(comm.offset + 4, text.length, true);
    record.set(text, end);
  } else {
    record.set(text, comm.offset);
  }
  view.setBigInt64(bytes.offset, numbers[0], true);
  view.setBigInt64(us.offset, numbers[1], true);
  return record;
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
