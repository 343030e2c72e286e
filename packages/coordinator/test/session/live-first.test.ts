import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { LiveFirst } from '../../src/session/live-first.ts';

const TEN_MS = 10;
const NINE_TIMES_THAT_MS = 90;

async function isPending(promise: Promise<void>): Promise<boolean> {
  let pending = true;
  void promise.then(() => (pending = false));
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  return pending;
}

describe('work for the store', () => {
  it('is done at once while no view has messages before it', async () => {
    const live = new LiveFirst();
    await live.turn(TEN_MS);
    live.note('a', 3);
    live.note('a', 0);
    await live.turn(TEN_MS);
  });

  it('waits until every view has caught up', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const live = new LiveFirst();
    live.note('a', 3);
    live.note('b', 3);
    const turn = live.turn(TEN_MS);
    assert.equal(await isPending(turn), true);
    live.note('a', 0);
    assert.equal(await isPending(turn), true);
    live.forget('b');
    await turn;
    mock.timers.reset();
  });

  it('has a tenth of the time while they do not', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const live = new LiveFirst();
    live.note('a', 3);
    const turn = live.turn(TEN_MS);
    await isPending(turn);
    mock.timers.tick(NINE_TIMES_THAT_MS - 1);
    assert.equal(await isPending(turn), true);
    mock.timers.tick(1);
    await turn;
    mock.timers.reset();
  });

  it('is put off where a view is far behind', () => {
    const live = new LiveFirst();
    live.note('a', 3);
    assert.equal(live.isFarBehind, false);
    live.note('b', 1_000);
    assert.equal(live.isFarBehind, true);
    live.note('b', 999);
    live.forget('b');
    assert.equal(live.isFarBehind, false);
  });
});
