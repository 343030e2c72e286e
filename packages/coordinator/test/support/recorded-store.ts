/** A store in a folder of its own, with sessions whose frames a test writes down. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  NO_COST,
  NO_LOSSES,
  type Frame,
  type MapSchema,
  type RawMapValue,
  type RunRequest,
  type Schema,
  type SessionInfo,
} from '@bpfleet/protocol';
import pino from 'pino';
import { openStore, type Store } from '../../src/store/store.ts';

/** Of a boot clock at 0, Unix nanoseconds. */
export const BOOT_NS: bigint = 1_700_000_000_000_000_000n;

export interface RecordedStore extends AsyncDisposable {
  readonly store: Store;
  /** Its folder. */
  readonly path: string;
  /** Frames by host, in their order; of a host with a `#2` behind its name a second runner's. */
  record(
    session: Partial<SessionInfo> & { readonly id: string },
    schema: Schema,
    hosts: Readonly<Record<string, readonly Frame[]>>,
    request?: RunRequest,
  ): Promise<void>;
}

export async function recordedStore(): Promise<RecordedStore> {
  const path = await mkdtemp(join(tmpdir(), 'bpfleet-history-'));
  const store = await openStore({ path }, pino({ level: 'silent' }));
  let revision = 0;
  return {
    store,
    path,
    record: async (given, schema, hosts, request) => {
      const names = [...new Set(Object.keys(hosts).map((name) => name.split('#')[0] ?? ''))];
      const info = sessionInfo(given, names);
      const recorder = store.newRecorder(info.id);
      let streamSequence = 0;
      for (const [name, frames] of Object.entries(hosts)) {
        const [host = '', runner = '1'] = name.split('#');
        const header = { session: info.id, host, schemaHash: 'h', epoch: Number(runner) };
        for (const [sequence, frame] of frames.entries()) {
          streamSequence += 1;
          await recorder.record({
            header: { ...header, sequence, bootToUnixNs: BOOT_NS },
            frame,
            schema,
            streamSequence,
          });
        }
      }
      revision += 1;
      await store.putSession({ info, schemas: { h: schema }, request }, revision);
      await store.flush();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await store.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}

export function sessionInfo(
  given: Partial<SessionInfo> & { readonly id: string },
  hosts: readonly string[],
): SessionInfo {
  return {
    program: 'BEGIN {}',
    sourceName: 'stdin',
    selector: { hosts: [], labels: {} },
    merge: 'meaning',
    state: 'ended',
    createdAtMs: 1_700_000_000_000,
    startedAtMs: 1_700_000_000_000,
    endedAtMs: 1_700_000_060_000,
    coverage: {
      hosts: hosts.map((host) => ({
        host,
        state: 'ended',
        late: false,
        losses: NO_LOSSES,
        cost: NO_COST,
      })),
      losses: NO_LOSSES,
      clockErrorNs: 1_000,
      digest: 'd',
      who: 'tester',
    },
    ...given,
  };
}

export const U64 = { kind: 'integer', size: 8, signed: false } as const;
export const TEXT = { kind: 'string', size: 16 } as const;

export function mapSchema(name: string, change: Partial<MapSchema> = {}): MapSchema {
  return {
    name,
    kernelMap: name.slice(1),
    perCpu: true,
    key: TEXT,
    value: { kind: 'count' },
    hostLocal: false,
    ...change,
  };
}

export function schemaOf(maps: readonly MapSchema[], events: Schema['events'] = []): Schema {
  return {
    maps,
    events,
    output: { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 1 },
  };
}

/** A key of type `TEXT`; the empty text is that of a scalar map. */
export function keyBytes(text: string): Uint8Array {
  if (text === '') return new Uint8Array();
  const bytes = new Uint8Array(16);
  bytes.set(new TextEncoder().encode(text));
  return bytes;
}

export function mapFrame(
  map: string,
  values: Readonly<Record<string, RawMapValue>>,
  window = 0,
  nsecs?: bigint,
): Frame {
  const entries = Object.entries(values).map(([key, value]) => ({ key: keyBytes(key), value }));
  return {
    kind: 'map',
    map,
    window,
    ...(nsecs !== undefined && { nsecs }),
    entries,
    deleted: [],
  };
}

export const count = (value: number): RawMapValue => ({ kind: 'count', count: BigInt(value) });

/** Hits by number of the bucket. */
export function hist(buckets: Readonly<Record<number, number>>): RawMapValue {
  return {
    kind: 'hist',
    buckets: Object.entries(buckets).map(([at, hits]) => [Number(at), BigInt(hits)] as const),
  };
}

/** `printf("%d\n", n)` at that boot time, event 0 of its schema. */
export function printfRecord(nsecs: bigint, n: bigint, pid = 10): Uint8Array {
  const record = new Uint8Array(32);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, nsecs, true);
  view.setUint32(8, pid + 1, true);
  view.setUint32(12, pid, true);
  view.setBigInt64(24, n, true);
  return record;
}

export const PRINTF: Schema['events'][number] = {
  kind: 'printf',
  format: '%d\n',
  arguments: [{ offset: 24, type: { kind: 'integer', size: 8, signed: true }, dynamic: false }],
};
