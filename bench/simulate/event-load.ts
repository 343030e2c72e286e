/** Hosts that print lines, which all come out once. */
import { encodeFrame, type FrameHeader, type Schema } from '@bpfleet/protocol';
import {
  compiledSchema,
  type Answer,
  type Load,
  type Rounds,
  type RoundSpan,
  type Seen,
} from './load.ts';

/** Agents send what has gathered; this is in the middle of what theirs do, 1 to 20 frames a second. */
const ROUNDS_PER_SECOND = 10;

export class EventLoad implements Load {
  readonly program = String.raw`BEGIN { printf("host %d round %d\n", nsecs, nsecs); }`;
  readonly schema: Schema = compiledSchema(this.program);
  readonly unit = 'lines';
  readonly intervalMs = 1_000 / ROUNDS_PER_SECOND;
  readonly #perRound: number;
  readonly #offsets: readonly number[];
  /** Lines by host. */
  readonly #lines = new Map<number, number>();

  constructor(perSecond: number) {
    this.#perRound = Math.max(1, Math.round(perSecond / ROUNDS_PER_SECOND));
    const [printf] = this.schema.events;
    if (printf?.kind !== 'printf') throw new Error('compile: no printf');
    this.#offsets = printf.arguments.map(({ offset }) => offset);
  }

  frame(host: number, { first, last }: RoundSpan, header: FrameHeader): Uint8Array {
    const records: Uint8Array[] = [];
    for (let round = first; round <= last; round++) {
      const record = this.#record(host, round);
      for (let line = 0; line < this.#perRound; line++) records.push(record);
    }
    return encodeFrame(header, { kind: 'events', records });
  }

  units({ first, last }: RoundSpan): number {
    return (last - first + 1) * this.#perRound;
  }

  #record(host: number, round: number): Uint8Array {
    const [hostAt = 0, roundAt = 0] = this.#offsets;
    const record = new Uint8Array(Math.max(hostAt, roundAt) + 8);
    const view = new DataView(record.buffer);
    view.setBigUint64(0, BigInt(Date.now()) * 1_000_000n, true);
    view.setBigUint64(hostAt, BigInt(host), true);
    view.setBigUint64(roundAt, BigInt(round), true);
    return record;
  }

  *seen(message: string): Iterable<Seen> {
    const [, hostText, roundText] = /"host (\d+) round (\d+)\\n"/.exec(message) ?? [];
    if (hostText === undefined) return;
    const host = Number(hostText);
    this.#lines.set(host, (this.#lines.get(host) ?? 0) + 1);
    yield { host, round: Number(roundText) };
  }

  faults({ lost, unread }: Answer, sent: Rounds): readonly string[] {
    const lines = sent.map((_, host) => this.#lines.get(host) ?? 0);
    const wanted = sent.map((rounds) => rounds * this.#perRound);
    const missing = lines.map((count, host) => (wanted[host] ?? 0) - count);
    const total = missing.reduce((sum, count) => sum + count, 0);
    if (total !== lost + unread) {
      return [`${total} lines are missing, of which ${lost + unread} are told`];
    }
    const tooMany = missing.findIndex((count) => count < 0);
    return tooMany === -1 ? [] : [`host ${tooMany} printed ${lines[tooMany]} lines`];
  }
}
