import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallLimit } from '../../src/sys/call-limit.ts';

test('runs at most so many calls at a time, and all of them in the end', async () => {
  const limit = new CallLimit(3);
  let running = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      limit.run(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return index;
      }),
    ),
  );
  assert.equal(most, 3);
  assert.deepEqual(
    results,
    Array.from({ length: 20 }, (_, index) => index),
  );
});

test('goes on after a call that fails', async () => {
  const limit = new CallLimit(1);
  await assert.rejects(
    limit.run(async () => {
      throw new Error('no');
    }),
    { message: 'no' },
  );
  assert.equal(await limit.run(async () => 5), 5);
});
