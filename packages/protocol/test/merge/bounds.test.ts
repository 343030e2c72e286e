import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UNBOUNDED, WAITING_ITEM_UNITS, type Bounds } from '../../src/merge/bounds.ts';
import { FleetView } from '../../src/merge/fleet-view.ts';
import { NameTable } from '../../src/merge/name-table.ts';
import type { Frame, FrameHeader } from '../../src/frame/frame.ts';
import {
  COUNT_SCHEMA,
  countFrame,
  printFrame,
  printfFrame,
} from '../../../../test/support/schemas.ts';

const header = (host: string, sequence: number, epoch = 1): FrameHeader => ({
  session: 's',
  host,
  schemaHash: '',
  epoch,
  sequence,
  bootToUnixNs: 0n,
});

function viewOf(bounds: Partial<Bounds>): FleetView {
  return new FleetView(COUNT_SCHEMA, { fleet: true, bounds: { ...UNBOUNDED, ...bounds } });
}

/** What each of two hosts lost at the coordinator. */
function lost(view: FleetView): readonly number[] {
  return ['evil', 'good'].map((host) => view.summary(host).losses.coordinator);
}

describe('a host that sends more than its bounds', () => {
  it('has keys beyond them dropped and counted, and those before them updated', () => {
    const view = viewOf({ keys: 2 });
    view.apply(header('evil', 0), countFrame({ a: 1, b: 1, c: 1 }));
    view.apply(header('evil', 1), countFrame({ a: 2, d: 1 }));
    view.apply(header('good', 0), countFrame({ c: 5, d: 5 }));
    assert.deepEqual(lost(view), [2, 0]);
    const entries = view.maps()[0]?.entries.map(({ key, value }) => [key, value]);
    assert.deepEqual(entries, [
      ['a', { kind: 'count', count: 2n }],
      ['b', { kind: 'count', count: 1n }],
      ['c', { kind: 'count', count: 5n }],
      ['d', { kind: 'count', count: 5n }],
    ]);
  });

  it('has no more keys by restarting its runner', () => {
    const view = viewOf({ keys: 2 });
    view.apply(header('evil', 0, 1), countFrame({ a: 1, b: 1 }));
    view.apply(header('evil', 0, 2), countFrame({ c: 1, d: 1 }));
    view.apply(header('evil', 0, 3), countFrame({ e: 1 }));
    assert.deepEqual(lost(view), [2, 0]);
  });

  it('has as many runners as they say', () => {
    const view = viewOf({ runners: 2 });
    for (let epoch = 1; epoch <= 5; epoch++) view.apply(header('evil', 0, epoch), countFrame({}));
    view.apply(header('good', 0), countFrame({}));
    assert.deepEqual(lost(view), [3, 0]);
  });

  it('has lines at the end of time dropped, and those of others come out', () => {
    const view = viewOf({ waitingUnits: 3 * WAITING_ITEM_UNITS });
    const far = Array.from({ length: 10 }, (_, n) => ({ n, nsecs: 2n ** 62n }));
    view.apply(header('evil', 0), printfFrame(far));
    for (let sequence = 0; sequence < 20; sequence++) {
      view.apply(header('good', sequence), printfFrame([{ n: sequence, nsecs: BigInt(sequence) }]));
      assert.equal(view.release(BigInt(sequence + 1)).length, 1);
    }
    assert.deepEqual(lost(view), [8, 0]);
    assert.equal(view.flush().length, 2);
  });

  it('has prints dropped that would wait for others', () => {
    const view = viewOf({ printEntries: 2_000 });
    view.setLiveHosts(['evil', 'good']);
    for (let ordinal = 0; ordinal < 10; ordinal++) {
      view.apply(header('evil', ordinal), printFrame(ordinal, 0n, { a: 1 }));
    }
    view.apply(header('good', 0), printFrame(0, 0n, { a: 1 }));
    assert.deepEqual(lost(view), [7, 0]);
    const [print] = view.release(2n ** 64n);
    assert.deepEqual(print?.kind === 'map' && print.reporting, [2, 2]);
  });

  it('may print again when its prints have come out', () => {
    const view = viewOf({ printEntries: 2_000 });
    view.setLiveHosts(['good']);
    for (let ordinal = 0; ordinal < 10; ordinal++) {
      view.apply(header('good', ordinal), printFrame(ordinal, 0n, { a: 1 }));
    }
    assert.deepEqual(lost(view), [0, 0]);
  });
});

describe('names of a runner', () => {
  const names = (...texts: readonly string[]): Extract<Frame, { kind: 'names' }>['names'] =>
    texts.map((text, id) => ({ type: 'username', id: new Uint8Array([id]), text: [text] }));

  it('are bounded in number and size, and what does not fit is counted', () => {
    const few = new NameTable({ names: 2, nameUnits: Infinity });
    few.add(names('a', 'b', 'c'));
    assert.equal(few.refused, 1);
    const small = new NameTable({ names: Infinity, nameUnits: 1_000 });
    small.add(names('a', 'b'.repeat(2_000), 'c'));
    assert.equal(small.refused, 1);
    assert.deepEqual(small.lookup('username', new Uint8Array([2])), ['c']);
    assert.equal(small.lookup('username', new Uint8Array([1])), undefined);
  });
});
