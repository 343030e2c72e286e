import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signOrder } from '../../src/seal/order.ts';
import {
  CLEAR_ORDERS,
  OrderFault,
  sealedOrders,
  SealFault,
  signedOrders,
  type Order,
} from '../../src/seal/index.ts';
import { bytesOf, flipped, testKeys, textOf } from './keys.ts';

const KEYS = testKeys();
const WRITER = signedOrders(KEYS.coordinator);
const READER = sealedOrders(KEYS.agent);
const PLACE = '$KV.bpfleet_sessions.s1';
const ORDER: Order = {
  counter: 1_700_000_000_001,
  expiresAtMs: 1_700_000_600_000,
  text: bytesOf('{"id":"s1","unsafe":false}'),
};

function messageOf(read: Order | SealFault | OrderFault): string {
  return read instanceof SealFault || read instanceof OrderFault ? read.message : 'obeyed';
}

test('agents read what a coordinator has signed', () => {
  const read = READER.open(PLACE, WRITER.seal(PLACE, ORDER));
  assert.ok(!(read instanceof SealFault || read instanceof OrderFault));
  assert.equal(read.counter, ORDER.counter);
  assert.equal(read.expiresAtMs, ORDER.expiresAtMs);
  assert.equal(textOf(read.text), textOf(ORDER.text));
});

test('whoever has the fleet key but no signing key can give no orders: no bit can be changed', () => {
  const signed = signOrder(KEYS.coordinator.signing, KEYS.coordinator.signer, PLACE, ORDER);
  for (const forged of flipped(signed)) {
    const read = READER.open(PLACE, KEYS.agent.fleet.seal(PLACE, forged));
    assert.notEqual(messageOf(read), 'obeyed');
  }
  for (let length = 0; length < signed.length; length++) {
    const part = KEYS.agent.fleet.seal(PLACE, signed.subarray(0, length));
    assert.notEqual(messageOf(READER.open(PLACE, part)), 'obeyed');
  }
});

test('an order for one session is none for another', () => {
  const signed = signOrder(KEYS.coordinator.signing, KEYS.coordinator.signer, PLACE, ORDER);
  const elsewhere = '$KV.bpfleet_sessions.s2';
  const moved = KEYS.agent.fleet.seal(elsewhere, signed);
  assert.match(messageOf(READER.open(elsewhere, moved)), /signature is wrong/);
});

test('what another coordinator key signed is refused, with both named', () => {
  const other = testKeys();
  const signed = signOrder(other.coordinator.signing, other.coordinator.signer, PLACE, ORDER);
  const message = messageOf(READER.open(PLACE, KEYS.agent.fleet.seal(PLACE, signed)));
  assert.match(message, new RegExp(other.coordinator.signer));
  assert.match(message, new RegExp(KEYS.coordinator.signer));
  const posing = signOrder(other.coordinator.signing, KEYS.coordinator.signer, PLACE, ORDER);
  assert.match(
    messageOf(READER.open(PLACE, KEYS.agent.fleet.seal(PLACE, posing))),
    /signature is wrong/,
  );
});

test('what coordinators tell each other no agent can read', () => {
  const sealed = WRITER.seal(PLACE, ORDER, 'coordinators');
  assert.match(messageOf(READER.open(PLACE, sealed)), /sealed with fleet key/);
  assert.equal(messageOf(WRITER.open(PLACE, sealed, 'coordinators')), 'obeyed');
  assert.notEqual(messageOf(WRITER.open(PLACE, sealed)), 'obeyed');
});

test('without keys orders travel as they are', () => {
  const read = CLEAR_ORDERS.open(PLACE, CLEAR_ORDERS.seal(PLACE, ORDER));
  assert.equal(messageOf(read), 'obeyed');
  assert.match(messageOf(CLEAR_ORDERS.open(PLACE, WRITER.seal(PLACE, ORDER))), /without --keys/);
});
