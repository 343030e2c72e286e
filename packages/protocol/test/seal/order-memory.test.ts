import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOCK_ERROR_MS, ORDER_LIFETIME_MS, OrderMemory } from '../../src/seal/index.ts';

const NOW = 1_700_000_000_000;
const text = new Uint8Array(0);
const order = (counter: number, expiresAtMs = NOW + ORDER_LIFETIME_MS) => ({
  counter,
  expiresAtMs,
  text,
});

test('orders of one session are taken as they grow; an older one is refused, the same one may come again', () => {
  const memory = new OrderMemory();
  assert.equal(memory.take('s1', order(5), NOW), undefined);
  assert.equal(memory.take('s1', order(5), NOW), undefined);
  assert.equal(memory.take('s1', order(6), NOW), undefined);
  assert.match(memory.take('s1', order(5), NOW)?.message ?? '', /sent it again/);
  assert.equal(memory.take('s2', order(1), NOW), undefined);
});

test('what is said once is not taken twice', () => {
  const memory = new OrderMemory();
  assert.equal(memory.take('beat', order(5), NOW, true), undefined);
  assert.match(memory.take('beat', order(5), NOW, true)?.message ?? '', /sent it again/);
});

test('an order that has expired is not obeyed by anybody, also by one that has just started', () => {
  const late = NOW + ORDER_LIFETIME_MS + CLOCK_ERROR_MS;
  assert.equal(new OrderMemory().take('s1', order(1), late), undefined);
  assert.match(
    new OrderMemory().take('s1', order(1), late + 1)?.message ?? '',
    /expired 300 s ago/,
  );
});

test('an order that would stand for longer than orders do is not obeyed', () => {
  const early = NOW - CLOCK_ERROR_MS;
  assert.equal(new OrderMemory().take('s1', order(1), early), undefined);
  assert.match(new OrderMemory().take('s1', order(1), early - 1)?.message ?? '', /clock/);
});

test('what was obeyed stands no longer when nobody has renewed it', () => {
  const memory = new OrderMemory();
  memory.take('s1', order(1), NOW);
  const end = NOW + ORDER_LIFETIME_MS + CLOCK_ERROR_MS;
  assert.equal(memory.hasExpired('s1', end), false);
  assert.equal(memory.hasExpired('s1', end + 1), true);
  memory.take('s1', order(2, NOW + 2 * ORDER_LIFETIME_MS), NOW + ORDER_LIFETIME_MS);
  assert.equal(memory.hasExpired('s1', end + 1), false);
  assert.equal(memory.hasExpired('never heard of', end), false);
});

test('thousands of sessions that are long over are forgotten, those that may come again are not', () => {
  const memory = new OrderMemory();
  memory.take('old', order(9), NOW);
  const later = NOW + 3 * ORDER_LIFETIME_MS;
  memory.take('new', order(9, later + ORDER_LIFETIME_MS), later);
  for (let index = 0; index < 5_000; index++) memory.take(`s${index}`, order(1, later), later);
  assert.notEqual(memory.take('new', order(8, later), later), undefined);
  assert.equal(memory.take('old', order(8, later), later), undefined);
});
