/** Small schemas and the frames that go with them. */
import type { Frame, MapItem, OutputItem, RawMapEntry, Schema } from '@bpfleet/protocol';

const OUTPUT = { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 10_240 } as const;

/** `@[name] = count()` keyed by a 16-byte string, and one printf of an integer. */
export const COUNT_SCHEMA: Schema = {
  maps: [
    {
      name: '@',
      kernelMap: 'AT_',
      perCpu: true,
      key: { kind: 'string', size: 16 },
      value: { kind: 'count' },
      hostLocal: false,
    },
  ],
  events: [
    {
      kind: 'printf',
      format: 'n=%d\n',
      arguments: [
        { offset: 24, type: { kind: 'integer', size: 8, signed: false }, dynamic: false },
      ],
      names: ['n'],
      probes: ['begin'],
    },
    { kind: 'print-map', map: '@', top: undefined, divisor: undefined },
  ],
  output: OUTPUT,
};

/** `@us = hist(…)` without a key. */
export const HIST_SCHEMA: Schema = {
  maps: [
    {
      name: '@us',
      kernelMap: 'AT_us',
      perCpu: true,
      key: undefined,
      value: { kind: 'hist', bits: 0 },
      hostLocal: false,
    },
  ],
  events: [],
  output: OUTPUT,
};

export function textKey(text: string): Uint8Array {
  const key = new Uint8Array(16);
  new TextEncoder().encodeInto(text, key.subarray(0, 15));
  return key;
}

/** Absolute counts by key of `COUNT_SCHEMA`'s map. */
export function countFrame(
  counts: Readonly<Record<string, number>>,
  window = 0,
  nsecs?: bigint,
): Frame {
  const entries = countEntries(counts);
  return { kind: 'map', map: '@', window, entries, deleted: [], ...(nsecs && { nsecs }) };
}

/** What `COUNT_SCHEMA`'s `print(@)` printed at a time of the boot clock. */
export function printFrame(
  ordinal: number,
  nsecs: bigint,
  counts: Readonly<Record<string, number>>,
): Frame {
  return { kind: 'print', event: 1, ordinal, nsecs, entries: countEntries(counts) };
}

function countEntries(counts: Readonly<Record<string, number>>): readonly RawMapEntry[] {
  return Object.entries(counts).map(([key, count]) => ({
    key: textKey(key),
    value: { kind: 'count', count: BigInt(count) },
  }));
}

/** Records of `COUNT_SCHEMA`'s printf, one per number; each at its time of the boot clock. */
export function printfFrame(
  events: readonly { readonly n: number; readonly nsecs: bigint; readonly pid?: number }[],
): Frame {
  return {
    kind: 'events',
    records: events.map(({ n, nsecs, pid = 7 }) => {
      const record = new Uint8Array(32);
      const view = new DataView(record.buffer);
      view.setBigUint64(0, nsecs, true);
      view.setUint32(8, pid, true);
      view.setUint32(12, pid, true);
      view.setBigUint64(24, BigInt(n), true);
      return record;
    }),
  };
}

/** The counts of a printed or final map, by its text keys. */
export function countsOf(items: readonly OutputItem[]): Readonly<Record<string, bigint>> {
  const map = items.find((item): item is MapItem => item.kind === 'map');
  return Object.fromEntries(
    (map?.entries ?? []).map(({ key, host, value }) => [
      `${host === undefined ? '' : `${host} `}${String(key)}`,
      value.kind === 'count' ? value.count : -1n,
    ]),
  );
}
