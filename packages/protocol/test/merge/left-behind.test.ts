/** A runner that was killed: what its agent found, less what arrived, is lost. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { FleetView, NO_LOSSES, type Frame, type LossCounts } from '@bpfleet/protocol';
import { header, I64, record, schemaOf, words } from '../samples.ts';

const SCHEMA = schemaOf({
  maps: [],
  events: [
    { kind: 'printf', format: 'n=%d\n', arguments: [{ offset: 24, type: I64, dynamic: false }] },
  ],
});

const LEFT = { epoch: 5, read: 10, ringBuffer: 4, mapFull: 1 };

function viewWith(...frames: readonly (readonly [epoch: number, sequence: number])[]): FleetView {
  const view = new FleetView(SCHEMA, { fleet: true });
  for (const [epoch, sequence] of frames) {
    view.apply(header({ host: 'web-1', epoch, sequence }), TWO_EVENTS);
  }
  return view;
}

const TWO_EVENTS: Frame = {
  kind: 'events',
  records: [record(0, 1n, words(1)), record(0, 2n, words(2))],
};

function lost(view: FleetView): Partial<LossCounts> {
  const { ringBuffer, mapFull, agentQueue } = view.summary('web-1').losses;
  return { ringBuffer, mapFull, agentQueue };
}

test('what a killed runner had read and not sent is lost', () => {
  const view = viewWith([5, 0], [5, 1]);
  view.leave('web-1', LEFT);
  assert.deepEqual(lost(view), { ringBuffer: 4, mapFull: 1, agentQueue: 6 });
});

test('frames that come after the news of its death, or twice, are not lost', () => {
  const view = viewWith([5, 0]);
  view.leave('web-1', LEFT);
  view.apply(header({ host: 'web-1', epoch: 5, sequence: 1 }), TWO_EVENTS);
  view.apply(header({ host: 'web-1', epoch: 5, sequence: 1 }), TWO_EVENTS);
  assert.equal(lost(view).agentQueue, 6);
});

test('what the runner had said to be lost itself is not counted twice', () => {
  const view = viewWith([5, 0]);
  const losses = { ...NO_LOSSES, ringBuffer: 4, agentQueue: 3 };
  view.apply(header({ host: 'web-1', epoch: 5, sequence: 1 }), {
    kind: 'losses',
    losses,
    nsecs: 3n,
  });
  view.leave('web-1', LEFT);
  assert.deepEqual(lost(view), { ringBuffer: 4, mapFull: 1, agentQueue: 8 });
});

test('a runner of which nothing arrived has lost all that it had read', () => {
  const view = viewWith();
  view.leave('web-1', LEFT);
  assert.deepEqual(lost(view), { ringBuffer: 4, mapFull: 1, agentQueue: 10 });
  assert.deepEqual(lost(viewWith()), { ringBuffer: 0, mapFull: 0, agentQueue: 0 });
});

for (const [what, before] of [
  ['some', [5, 0]],
  ['none', undefined],
] as const) {
  test(`what a killed runner took with it stays lost when another one goes on, ${what} of it sent`, () => {
    const view = viewWith(...(before === undefined ? [] : [before]));
    view.leave('web-1', LEFT);
    view.apply(header({ host: 'web-1', epoch: 7, sequence: 0 }), TWO_EVENTS);
    assert.equal(lost(view).agentQueue, before === undefined ? 10 : 8);
    view.leave('web-1', { epoch: 7, read: 3, ringBuffer: 0, mapFull: 0 });
    assert.equal(lost(view).agentQueue, before === undefined ? 11 : 9);
    view.leave('web-1', LEFT);
    assert.equal(lost(view).agentQueue, before === undefined ? 11 : 9);
  });
}
