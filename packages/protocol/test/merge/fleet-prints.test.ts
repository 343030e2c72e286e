/** `print(@map)` on a fleet: one window of all hosts, honest about those it does without. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame, MapItem, OutputItem, RawMapEntry } from '@bpfleet/protocol';
import { FleetView } from '@bpfleet/protocol';
import { bytes, COMM, header, mapSchema, schemaOf } from '../samples.ts';

const SCHEMA = schemaOf({
  maps: [mapSchema({ name: '@', key: COMM, value: { kind: 'count' } })],
  events: [{ kind: 'print-map', map: '@', top: 1, divisor: undefined }],
});

const END: Frame = { kind: 'end', reason: 'stopped', exitCode: 0 };

function view(graceMs = 2_000): FleetView {
  return new FleetView(SCHEMA, { fleet: true, graceMs });
}

function counted(comm: string, count: number): RawMapEntry {
  return { key: bytes(comm, 16), value: { kind: 'count', count: BigInt(count) } };
}

function mapFrame(entries: readonly RawMapEntry[], window = 0): Frame {
  return { kind: 'map', map: '@', window, deleted: [], entries };
}

function printFrame(ordinal: number, nsecs: bigint, ...entries: RawMapEntry[]): Frame {
  return { kind: 'print', event: 0, ordinal, nsecs, entries };
}

function counts(item: MapItem): Record<string, bigint> {
  return Object.fromEntries(
    item.entries.map(({ key, value }) => [String(key), value.kind === 'count' ? value.count : -1n]),
  );
}

test('a print comes out merged once every live host has reported it', () => {
  const fleet = view();
  fleet.setLiveHosts(['a', 'b']);
  fleet.apply(header({ host: 'a' }), printFrame(0, 10n, counted('cat', 1)));
  assert.deepEqual(fleet.release(1000n), []);
  fleet.apply(header({ host: 'b' }), printFrame(0, 12n, counted('cat', 2)));
  const [item, ...rest] = fleet.release(1000n);
  assert.deepEqual(rest, []);
  assert.ok(item?.kind === 'map');
  assert.deepEqual([counts(item), item.reporting, item.top], [{ cat: 3n }, [2, 2], 1]);
});

test('a print waits for a host that is late, and after the grace period says who is missing', () => {
  const fleet = view(500);
  fleet.setLiveHosts(['a', 'b', 'c']);
  fleet.apply(header({ host: 'a' }), printFrame(0, 10n, counted('cat', 1)));
  fleet.apply(header({ host: 'b' }), printFrame(0, 10n, counted('cat', 1)));
  fleet.expire(5_000);
  fleet.expire(5_499);
  assert.deepEqual(fleet.release(1000n), []);
  fleet.expire(5_500);
  assert.deepEqual(reporting(fleet.release(1000n)), [[2, 3]]);
});

test('what comes when its window has been printed is counted, and makes no window of its own', () => {
  const fleet = view(500);
  fleet.setLiveHosts(['a', 'b']);
  fleet.apply(header({ host: 'a' }), printFrame(0, 10n, counted('cat', 1)));
  fleet.expire(5_000);
  fleet.expire(5_500);
  assert.deepEqual(reporting(fleet.release(1000n)), [[1, 2]]);
  fleet.apply(header({ host: 'b' }), printFrame(0, 12n, counted('cat', 5)));
  assert.deepEqual(fleet.flush(), []);
  assert.deepEqual([fleet.summary('a').latePrints, fleet.summary('b').latePrints], [0, 1]);
  fleet.apply(header({ host: 'a', sequence: 1 }), printFrame(1, 20n, counted('cat', 1)));
  fleet.apply(header({ host: 'b', sequence: 1 }), printFrame(1, 20n, counted('cat', 2)));
  assert.deepEqual(reporting(fleet.release(1000n)), [[2, 2]]);
});

test('a host that has sent half of its print when the grace is over counts as missing', () => {
  const fleet = view(500);
  fleet.setLiveHosts(['a', 'b']);
  fleet.apply(header({ host: 'a' }), printFrame(0, 10n, counted('cat', 1)));
  const half = { ...printFrame(0, 10n, counted('ls', 7)), more: true } as Frame;
  fleet.apply(header({ host: 'b' }), half);
  fleet.expire(5_000);
  fleet.expire(5_500);
  const [item] = fleet.release(1000n);
  assert.ok(item?.kind === 'map');
  assert.deepEqual([counts(item), item.reporting], [{ cat: 1n }, [1, 2]]);
  fleet.apply(header({ host: 'b', sequence: 1 }), printFrame(0, 10n, counted('cat', 7)));
  assert.equal(fleet.summary('b').latePrints, 1);
});

test('a print no longer waits for a host that ended or is not live any more, and says that it lacks them', () => {
  const fleet = view();
  fleet.setLiveHosts(['a', 'b', 'c'], 3);
  fleet.apply(header({ host: 'a' }), printFrame(0, 10n, counted('cat', 1)));
  fleet.apply(header({ host: 'b' }), END);
  assert.deepEqual(fleet.release(1000n), []);
  fleet.setLiveHosts(['a', 'b'], 3);
  assert.deepEqual(reporting(fleet.release(1000n)), [[1, 3]]);
});

test('a print that comes out at the end does not look whole because all hosts have ended', () => {
  const fleet = view();
  fleet.setLiveHosts(['a', 'b']);
  fleet.apply(header({ host: 'a' }), printFrame(0, 10n, counted('cat', 1)));
  fleet.apply(header({ host: 'a', sequence: 1 }), END);
  fleet.apply(header({ host: 'b' }), END);
  assert.deepEqual(reporting(fleet.flush()), [[1, 2]]);
});

test('a print says that hosts are missing which have never sent anything', () => {
  const fleet = view();
  fleet.setLiveHosts(['a'], 2);
  fleet.apply(header({ host: 'a' }), printFrame(0, 10n, counted('cat', 1)));
  assert.deepEqual(reporting(fleet.release(1000n)), [[1, 2]]);
});

test('a print of a restarted runner includes what the earlier one counted, until it is cleared', () => {
  const fleet = view();
  fleet.setLiveHosts(['web-1']);
  const shown = (): unknown =>
    fleet.release(1n << 62n).map((item) => item.kind === 'map' && counts(item));
  fleet.apply(header({ epoch: 1 }), mapFrame([counted('cat', 10)]));
  fleet.apply(header({ epoch: 2 }), printFrame(0, 10n, counted('cat', 1), counted('ls', 1)));
  assert.deepEqual(shown(), [{ cat: 11n, ls: 1n }]);
  fleet.apply(header({ epoch: 2, sequence: 1 }), mapFrame([], 1));
  fleet.apply(header({ epoch: 2, sequence: 2 }), printFrame(1, 20n, counted('cat', 2)));
  assert.deepEqual(shown(), [{ cat: 2n }]);
});

test('a print in several parts is one', () => {
  const fleet = view();
  fleet.setLiveHosts(['a']);
  const first = { ...printFrame(0, 10n, counted('cat', 1)), more: true } as Frame;
  fleet.apply(header({ host: 'a' }), first);
  assert.deepEqual(fleet.release(1000n), []);
  fleet.apply(header({ host: 'a', sequence: 1 }), printFrame(0, 10n, counted('ls', 1)));
  const [item] = fleet.release(1000n);
  assert.deepEqual(item?.kind === 'map' && counts(item), { cat: 1n, ls: 1n });
});

test('the prints of a host that joins late go with those the others make at that time', () => {
  const second = 1_000_000_000n;
  const fleet = view(400);
  fleet.setLiveHosts(['a']);
  for (let i = 0; i < 3; i++) {
    const time = BigInt(i) * second;
    fleet.apply(header({ host: 'a', sequence: i }), printFrame(i, time, counted('cat', 1)));
  }
  assert.deepEqual(reporting(fleet.release(100n * second)), [
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
  fleet.setLiveHosts(['a', 'b']);
  fleet.apply(header({ host: 'b' }), printFrame(0, 3n * second, counted('cat', 5)));
  fleet.apply(header({ host: 'a', sequence: 3 }), printFrame(3, 3n * second, counted('cat', 1)));
  assert.deepEqual(reporting(fleet.release(100n * second)), [[2, 2]]);
});

function reporting(items: readonly OutputItem[]): unknown[] {
  return items.map((item) => item.kind === 'map' && item.reporting);
}
