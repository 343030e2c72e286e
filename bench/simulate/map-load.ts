/** Hosts that all count by the same keys, and send all of them in every round. */
import {
  decodeJson,
  encodeFrame,
  encodeMapValue,
  type FrameHeader,
  type MapItem,
  type OutputItem,
  type RawMapEntry,
  type Schema,
  type StreamItem,
} from '@bpfleet/protocol';
import { checksum } from '../../packages/protocol/src/frame/checksum.ts';
import {
  compiledSchema,
  type Answer,
  type Load,
  type Rounds,
  type RoundSpan,
  type Seen,
} from './load.ts';

/** Hosts count differently, but so many share one encoding of their counts. */
const VARIANTS = 8;
/** So many hosts have a key of their own in place of the last: what it shows is how far they have been merged. */
const WATCHED = 100;
const KEY_BYTES = 16;
const CHECKSUM_BYTES = 4;
const REMEMBERED_ROUNDS = 64;

export class MapLoad implements Load {
  readonly program = 'BEGIN { @[comm] = count(); }';
  readonly schema: Schema = compiledSchema(this.program);
  readonly intervalMs = 1_000;
  readonly unit = 'frames';
  readonly #keys: number;
  readonly #bodies = new Map<string, Uint8Array>();

  constructor(keys: number) {
    this.#keys = keys;
  }

  /** Values are absolute: rounds before the last need not be sent. */
  frame(host: number, { last: round }: RoundSpan, header: FrameHeader): Uint8Array {
    const head = headOf(header);
    const body = this.#body(host % VARIANTS, round);
    const frame = new Uint8Array(head.length + body.length + CHECKSUM_BYTES);
    frame.set(head);
    frame.set(body, head.length);
    if (host < WATCHED) {
      const value = encodeMapValue({ kind: 'count', count: BigInt(round + 1) });
      const noneDeleted = 1;
      const end = frame.length - CHECKSUM_BYTES - noneDeleted;
      frame.set(keyBytes(watchedKey(host)), end - value.length - KEY_BYTES);
    }
    const content = frame.subarray(0, -CHECKSUM_BYTES);
    new DataView(frame.buffer).setUint32(content.length, checksum(content), true);
    return frame;
  }

  units(): number {
    return 1;
  }

  *seen(message: string): Iterable<Seen> {
    if (!/^\{"kind":"(?:live|result)"/.test(message)) return;
    const item = decodeJson(message) as StreamItem & { readonly kind: 'live' | 'result' };
    for (const [key, count] of counts(item.maps)) {
      const host = /^watched (\d+)$/.exec(key)?.[1];
      if (host !== undefined) yield { host: Number(host), round: Number(count) - 1 };
    }
  }

  faults({ maps, lost }: Answer, sent: Rounds): readonly string[] {
    const faults: string[] = [];
    if (lost > 0) faults.push(`${lost} lost`);
    const found = counts(maps);
    const expected = this.#truth(sent);
    for (const [key, count] of expected) {
      if (found.get(key) !== count) faults.push(`${key}: ${found.get(key)}, not ${count}`);
    }
    if (found.size !== expected.size) faults.push(`${found.size} keys, not ${expected.size}`);
    return faults;
  }

  #truth(sent: Rounds): ReadonlyMap<string, bigint> {
    const truth = new Map<string, bigint>();
    const add = (key: string, count: number): void => {
      truth.set(key, (truth.get(key) ?? 0n) + BigInt(count));
    };
    for (const [host, rounds] of sent.entries()) {
      if (rounds === 0) continue;
      for (let key = 0; key < this.#keys - 1; key++) {
        add(`key ${key}`, countOf(host % VARIANTS, rounds - 1, key));
      }
      add(host < WATCHED ? watchedKey(host) : 'unwatched', rounds);
    }
    return truth;
  }

  #body(variant: number, round: number): Uint8Array {
    const id = `${variant} ${round}`;
    const known = this.#bodies.get(id);
    if (known !== undefined) return known;
    const entries = Array.from({ length: this.#keys - 1 }, (_, key) =>
      entryOf(`key ${key}`, countOf(variant, round, key)),
    );
    entries.push(entryOf('unwatched', round + 1));
    const frame = { kind: 'map', map: '@', window: 0, entries, deleted: [] } as const;
    const body = encodeFrame(ANY_HEADER, frame).subarray(
      headOf(ANY_HEADER).length,
      -CHECKSUM_BYTES,
    );
    this.#bodies.set(id, body);
    const [oldest] = this.#bodies.keys();
    if (this.#bodies.size > REMEMBERED_ROUNDS && oldest !== undefined) this.#bodies.delete(oldest);
    return body;
  }
}

const ANY_HEADER: FrameHeader = {
  session: '',
  host: '',
  schemaHash: '',
  epoch: 0,
  sequence: 0,
  bootToUnixNs: 0n,
};

/** All that is before the kind: a frame of no records has the kind, a count of 0 and the checksum behind it. */
function headOf(header: FrameHeader): Uint8Array {
  return encodeFrame(header, { kind: 'events', records: [] }).subarray(0, -2 - CHECKSUM_BYTES);
}

function countOf(variant: number, round: number, key: number): number {
  return (round + 1) * (variant + 1) + key;
}

function watchedKey(host: number): string {
  return `watched ${host}`;
}

function entryOf(key: string, count: number): RawMapEntry {
  return { key: keyBytes(key), value: { kind: 'count', count: BigInt(count) } };
}

function keyBytes(text: string): Uint8Array {
  const key = new Uint8Array(KEY_BYTES);
  new TextEncoder().encodeInto(text, key);
  return key;
}

function counts(items: readonly OutputItem[]): ReadonlyMap<string, bigint> {
  const map = items.find((item): item is MapItem => item.kind === 'map');
  return new Map(
    (map?.entries ?? []).map(({ key, value }) => [
      String(key),
      value.kind === 'count' ? value.count : -1n,
    ]),
  );
}
