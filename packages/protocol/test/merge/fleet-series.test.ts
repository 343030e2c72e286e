/** Time series of a fleet. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { FleetView, type Frame } from '@bpfleet/protocol';
import { header, mapSchema, schemaOf } from '../samples.ts';

test('intervals of several hosts make one time series', () => {
  const series = mapSchema({
    name: '@rate',
    value: {
      kind: 'tseries',
      signed: true,
      intervalNs: 1_000_000_000n,
      intervals: 3,
      aggregate: 'sum',
    },
  });
  const fleet = new FleetView(schemaOf({ maps: [series] }), { fleet: true });
  const frameOf = (...points: readonly (readonly [epoch: bigint, value: bigint])[]): Frame => ({
    kind: 'map',
    map: '@rate',
    window: 0,
    deleted: [],
    entries: [
      {
        key: new Uint8Array(),
        value: {
          kind: 'tseries',
          aggregate: 'sum',
          points: points.map(([epoch, value]) => ({ epoch, value, meta: 1n })),
        },
      },
    ],
  });
  fleet.apply(header({ host: 'a' }), frameOf([100n, 5n], [101n, 1n]));
  fleet.apply(header({ host: 'b' }), frameOf([101n, -3n], [102n, 4n]));
  const value = fleet.maps()[0]?.entries[0]?.value;
  assert.ok(value?.kind === 'tseries');
  assert.deepEqual(
    value.points.map((point) => [point.epoch, point.value]),
    [
      [100n, 5n],
      [101n, -2n],
      [102n, 4n],
    ],
  );
});
