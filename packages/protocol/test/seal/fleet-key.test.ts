import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FleetKey, SEAL_OVERHEAD_BYTES, SealFault } from '../../src/seal/index.ts';
import { bytesOf, flipped, textOf } from './keys.ts';

const KEY = new FleetKey(new Uint8Array(32).fill(7));
const PLACE = 'bpfleet.v1.session.s1.data.web-1';

function kindOf(result: Uint8Array | SealFault): string {
  return result instanceof SealFault ? result.kind : 'opened';
}

test('what is sealed is opened at its place, whatever its length', () => {
  for (const length of [0, 1, 15, 16, 17, 31_000, 1_000_000]) {
    const plain = new Uint8Array(length).map((_, index) => index * 31);
    const sealed = KEY.seal(PLACE, plain);
    assert.equal(sealed.length, length + SEAL_OVERHEAD_BYTES);
    const opened = KEY.open(PLACE, sealed);
    assert.ok(!(opened instanceof SealFault));
    assert.deepEqual(Uint8Array.from(opened), plain);
  }
});

test('a message with any one bit changed, and any part of one, is refused', () => {
  const sealed = KEY.seal(PLACE, bytesOf('{"version":1,"host":"web-1"}'));
  for (const altered of flipped(sealed))
    assert.notEqual(kindOf(KEY.open(PLACE, altered)), 'opened');
  for (let length = 0; length < sealed.length; length++) {
    assert.notEqual(kindOf(KEY.open(PLACE, sealed.subarray(0, length))), 'opened');
    assert.notEqual(kindOf(KEY.open(PLACE, sealed.subarray(sealed.length - length))), 'opened');
  }
  assert.notEqual(kindOf(KEY.open(PLACE, Uint8Array.from([...sealed, 0]))), 'opened');
});

test('a message that is moved to another subject is refused there', () => {
  const sealed = KEY.seal(PLACE, bytesOf('x'));
  assert.equal(kindOf(KEY.open('bpfleet.v1.session.s1.data.web-2', sealed)), 'altered');
  assert.equal(kindOf(KEY.open('bpfleet.v1.session.s2.data.web-1', sealed)), 'altered');
});

test('faults say what to do', () => {
  const other = new FleetKey(new Uint8Array(32).fill(8));
  const foreign = KEY.open(PLACE, other.seal(PLACE, bytesOf('x')));
  assert.ok(foreign instanceof SealFault);
  assert.equal(foreign.kind, 'other-key');
  assert.match(foreign.message, new RegExp(`${other.id}.*${KEY.id}.*bpfleet keys init`));
  const clear = KEY.open(PLACE, bytesOf('{"version":1}'));
  assert.ok(clear instanceof SealFault);
  assert.match(clear.message, /not sealed.*--keys/);
  const future = KEY.seal(PLACE, bytesOf('x'));
  future[1] = 2;
  assert.equal(kindOf(KEY.open(PLACE, future)), 'other-version');
  assert.equal(kindOf(KEY.open(PLACE, new Uint8Array(0))), 'not-sealed');
});

test('neither what is said, nor the same thing said twice, shows in a sealed message', () => {
  const secret = 'uretprobe:/bin/bash:readline';
  const [first, second] = [KEY.seal(PLACE, bytesOf(secret)), KEY.seal(PLACE, bytesOf(secret))];
  assert.notDeepEqual(first, second);
  assert.ok(!textOf(first).includes('readline'));
});

test('a pseudonym is the same wherever the key is, and tells nothing else', () => {
  assert.equal(KEY.pseudonym('db-1'), new FleetKey(new Uint8Array(32).fill(7)).pseudonym('db-1'));
  assert.notEqual(KEY.pseudonym('db-1'), new FleetKey(new Uint8Array(32)).pseudonym('db-1'));
  assert.match(KEY.pseudonym('db-1'), /^[0-9a-f]{24}$/);
});

test('many subjects at a time do no harm', () => {
  const sealed = KEY.seal('subject 0', bytesOf('x'));
  for (let index = 0; index < 17_000; index++) KEY.pseudonym(`host ${index}`);
  for (let index = 1; index < 16_500; index++) KEY.open(`subject ${index}`, sealed);
  assert.equal(kindOf(KEY.open('subject 0', sealed)), 'opened');
});

test('a key of another length is none', () => {
  assert.throws(() => new FleetKey(new Uint8Array(16)), /32 bytes, not 16/);
});
