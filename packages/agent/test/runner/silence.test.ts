import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Silence } from '../../src/runner/silence.ts';

test('silence grows until the other one is heard', () => {
  const silence = new Silence(0);
  assert.equal(silence.tick(1000), 1000);
  assert.equal(silence.tick(2000), 2000);
  silence.heard(2500);
  assert.equal(silence.tick(3000), 500);
});

test('who was stopped himself begins to listen anew', () => {
  const silence = new Silence(0);
  assert.equal(silence.tick(1000), 1000);
  assert.equal(silence.tick(60_000), 0);
  assert.equal(silence.tick(61_000), 1000);
});
