/** Everything a host can send, with values at the edges of 64 bits, and the session that it belongs to. */
import {
  NO_LOSSES,
  type Frame,
  type FrameHeader,
  type MapSchema,
  type MergeMode,
  type RawMapValue,
  type Schema,
  type SessionInfo,
} from '@bpfleet/protocol';
import type { SessionRecord } from '../../src/store/session-rows.ts';

const U64 = { kind: 'integer', size: 8, signed: false } as const;
const I64 = { kind: 'integer', size: 8, signed: true } as const;

function map(name: string, change: Partial<MapSchema>): MapSchema {
  return {
    name,
    kernelMap: name.slice(1),
    perCpu: true,
    key: U64,
    value: { kind: 'count' },
    hostLocal: false,
    ...change,
  };
}

export const SCHEMA: Schema = {
  maps: [
    map('@count', {}),
    map('@sum', { value: { kind: 'sum', signed: true } }),
    map('@min', { value: { kind: 'min', signed: true } }),
    map('@max', { value: { kind: 'max', signed: false } }),
    map('@avg', { value: { kind: 'avg', signed: true } }),
    map('@stats', { value: { kind: 'stats', signed: true } }),
    map('@hist', { key: undefined, value: { kind: 'hist', bits: 2 } }),
    map('@lhist', { key: undefined, value: { kind: 'lhist', min: 0n, max: 100n, step: 10n } }),
    map('@plain', { value: { kind: 'plain', type: I64 }, hostLocal: true }),
    map('@stack', { key: { kind: 'kstack', mode: 'bpftrace', limit: 127 } }),
  ],
  events: [
    {
      kind: 'printf',
      format: '%d\n',
      arguments: [{ offset: 24, type: I64, dynamic: false }],
    },
    { kind: 'print-map', map: '@count', top: undefined, divisor: undefined },
    {
      kind: 'printf',
      format: '%s %d\n',
      arguments: [
        { offset: 24, type: { kind: 'string', size: 16 }, dynamic: true },
        { offset: 32, type: I64, dynamic: false },
      ],
      names: ['comm', 'ret'],
    },
  ],
  output: { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 1 },
};

function bytes(value: bigint): Uint8Array {
  const buffer = new Uint8Array(8);
  new DataView(buffer.buffer).setBigInt64(0, value, true);
  return buffer;
}

export function mapFrame(
  name: string,
  entries: readonly (readonly [bigint | undefined, RawMapValue])[],
  window = 0,
  deleted: readonly bigint[] = [],
  nsecs?: bigint,
): Frame {
  return {
    kind: 'map',
    map: name,
    window,
    ...(nsecs !== undefined && { nsecs }),
    entries: entries.map(([key, value]) => ({
      key: key === undefined ? new Uint8Array() : bytes(key),
      value,
    })),
    deleted: deleted.map(bytes),
  };
}

export function printfRecord(nsecs: bigint, n: bigint): Uint8Array {
  const record = new Uint8Array(32);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, nsecs, true);
  view.setUint32(8, 11, true);
  view.setUint32(12, 10, true);
  view.setBigInt64(24, n, true);
  return record;
}

export const count = (value: bigint): RawMapValue => ({ kind: 'count', count: value });

export const FRAMES: readonly Frame[] = [
  {
    kind: 'names',
    names: [{ type: 'kstack', id: bytes(5n), text: ['vfs_read+0', "ksys'read\\"] }],
  },
  mapFrame('@count', [
    [1n, count(1n)],
    [2n, count(2n ** 63n)],
  ]),
  mapFrame('@count', [[1n, count(9n)]]),
  mapFrame('@sum', [[1n, { kind: 'sum', total: -(2n ** 63n) }]]),
  mapFrame('@min', [[1n, { kind: 'min', value: -7n }]]),
  mapFrame('@max', [[1n, { kind: 'max', value: 2n ** 64n - 1n }]]),
  mapFrame('@avg', [[1n, { kind: 'avg', total: -10n, count: 3n }]]),
  mapFrame('@stats', [[1n, { kind: 'stats', total: 10n, count: 4n }]]),
  mapFrame('@hist', [
    [
      undefined,
      {
        kind: 'hist',
        buckets: [
          [0, 1n],
          [17, 2n ** 40n],
        ],
      },
    ],
  ]),
  mapFrame('@lhist', [[undefined, { kind: 'lhist', buckets: [[11, 3n]] }]]),
  mapFrame('@plain', [[1n, { kind: 'plain', bytes: bytes(-42n) }]]),
  mapFrame('@plain', [[2n, { kind: 'plain', bytes: bytes(1n) }]]),
  mapFrame('@plain', [], 0, [2n]),
  mapFrame('@stack', [[5n, count(4n)]]),
  { kind: 'events', records: [printfRecord(2_000n, 1n), printfRecord(3_000n, -2n)] },
  {
    kind: 'print',
    event: 1,
    ordinal: 0,
    nsecs: 4_000n,
    entries: [{ key: bytes(1n), value: count(3n) }],
  },
];

export interface Sent {
  readonly header: FrameHeader;
  readonly frame: Frame;
}

export function sentBy(
  session: string,
  host: string,
  epoch: number,
  frames: readonly Frame[],
): Sent[] {
  return frames.map((frame, sequence) => ({
    header: { session, host, schemaHash: 'h', epoch, sequence, bootToUnixNs: 10n ** 18n },
    frame,
  }));
}

export function infoOf(id: string, merge: MergeMode): SessionInfo {
  return {
    id,
    program: `BEGIN { printf("it's \\ %d\\n", 1); }`,
    sourceName: 'stdin',
    selector: { hosts: [], labels: { role: 'web' } },
    merge,
    state: 'ended',
    createdAtMs: 1_700_000_000_123,
    startedAtMs: 1_700_000_000_456,
    endedAtMs: 1_700_000_009_999,
    exitCode: 3,
    coverage: {
      hosts: [
        {
          host: 'a',
          state: 'ended',
          late: false,
          losses: NO_LOSSES,
          cost: { runTimeNs: 5n, runs: 1n, availableNs: 9n },
        },
      ],
      losses: NO_LOSSES,
      clockErrorNs: 1_000,
      digest: 'd',
      who: 'me',
    },
  };
}

export function recordOf(info: SessionInfo, schemas: SessionRecord['schemas'] = {}): SessionRecord {
  const facts = { kernel: '6.18', arch: 'x86_64', clockOffsetNs: -5, clockErrorNs: 7.5 };
  return { info, schemas, factsOf: () => facts };
}
