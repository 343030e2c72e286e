/** Hosts may lay the same program's keys and values out differently; what they mean merges. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { FleetView, type Frame, type RawMapEntry, type Schema } from '@bpfleet/protocol';
import { bytes, header, mapSchema, schemaOf, U64, words } from '../samples.ts';

/** A key of text in so many bytes. */
function textSchema(size: number): Schema {
  return schemaOf({
    maps: [mapSchema({ name: '@', key: { kind: 'string', size }, value: { kind: 'count' } })],
    events: [{ kind: 'print-map', map: '@', top: undefined, divisor: undefined }],
  });
}

function entry(key: Uint8Array, count: bigint): RawMapEntry {
  return { key, value: { kind: 'count', count } };
}

function mapFrame(...entries: readonly RawMapEntry[]): Frame {
  return { kind: 'map', map: '@', window: 0, deleted: [], entries };
}

function fleetOf(first: Schema, second: Schema): FleetView {
  const fleet = new FleetView(first, { fleet: true });
  fleet.addSchema('first', first);
  fleet.addSchema('second', second);
  return fleet;
}

function read(fleet: FleetView): readonly (readonly [unknown, unknown])[] {
  return (fleet.maps()[0]?.entries ?? []).map(({ key, value }) => [
    key,
    value.kind === 'count' ? value.count : undefined,
  ]);
}

test('texts of different sizes are the same text, and none is cut to the size of another host', () => {
  const fleet = fleetOf(textSchema(5), textSchema(7));
  const one = entry(bytes('db-1', 5), 3n);
  fleet.apply(header({ host: 'a', schemaHash: 'first' }), mapFrame(one));
  const two = [entry(bytes('web-10', 7), 1n), entry(bytes('db-1', 7), 4n)];
  fleet.apply(header({ host: 'b', schemaHash: 'second' }), mapFrame(...two));
  assert.deepEqual(read(fleet), [
    ['db-1', 7n],
    ['web-10', 1n],
  ]);
  // A restarted runner leaves what it had counted.
  fleet.apply(header({ host: 'b', schemaHash: 'second', epoch: 2000 }), mapFrame(two[1] ?? one));
  assert.deepEqual(read(fleet), [
    ['db-1', 11n],
    ['web-10', 1n],
  ]);
});

test('records whose members lie elsewhere are the same record', () => {
  const recordSchema = (offsets: readonly [number, number]): Schema =>
    schemaOf({
      maps: [
        mapSchema({
          name: '@',
          key: {
            kind: 'record',
            size: 16,
            fields: [
              { name: 'a', offset: offsets[0], type: U64 },
              { name: 'b', offset: offsets[1], type: U64 },
            ],
          },
          value: { kind: 'count' },
        }),
      ],
      events: [],
    });
  const fleet = fleetOf(recordSchema([0, 8]), recordSchema([8, 0]));
  fleet.apply(header({ host: 'a', schemaHash: 'first' }), mapFrame(entry(words(1n, 2n), 3n)));
  fleet.apply(header({ host: 'b', schemaHash: 'second' }), mapFrame(entry(words(2n, 1n), 4n)));
  assert.deepEqual(read(fleet), [[[1n, 2n], 7n]]);
});

test('prints belong together whatever number each host gives to them', () => {
  const print = { kind: 'print-map', map: '@', top: undefined, divisor: undefined } as const;
  const first = textSchema(5);
  const second = { ...textSchema(5), events: [{ kind: 'exit' } as const, print] };
  const fleet = fleetOf(first, second);
  fleet.setLiveHosts(['a', 'b']);
  const printed = (event: number, count: bigint): Frame => ({
    kind: 'print',
    event,
    ordinal: 0,
    nsecs: 5n,
    entries: [entry(bytes('db-1', 5), count)],
  });
  fleet.apply(header({ host: 'a', schemaHash: 'first' }), printed(0, 3n));
  assert.deepEqual(fleet.release(10n), []);
  fleet.apply(header({ host: 'b', schemaHash: 'second' }), printed(1, 4n));
  const [item] = fleet.release(10n);
  assert.ok(item?.kind === 'map');
  assert.deepEqual(item.reporting, [2, 2]);
  assert.deepEqual(item.entries, [{ key: 'db-1', value: { kind: 'count', count: 7n } }]);
});

test('a map that the first host lacks is in the answer all the same', () => {
  const fleet = fleetOf(schemaOf({}), textSchema(5));
  const one = entry(bytes('db-1', 5), 3n);
  fleet.apply(header({ host: 'b', schemaHash: 'second' }), mapFrame(one));
  assert.deepEqual(read(fleet), [['db-1', 3n]]);
});
