/** Bugs of ours, as their victims read of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownFaultText } from '../src/own-fault.ts';

test('a broken invariant is one line that says whose fault it is, and what to do', () => {
  let caught: unknown;
  function lowerSomething(): void {
    throw new TypeError('cannot read\n  properties of undefined');
  }
  try {
    lowerSomething();
  } catch (error) {
    caught = error;
  }
  assert.equal(
    ownFaultText(caught, '1.2.3'),
    'BUG: bpfleet 1.2.3: TypeError in lowerSomething: cannot read properties of undefined. ' +
      'This is no fault of yours. Please report it with your program, how you called bpfleet, and what `bpfleet local --info` prints.',
  );
});

test('what machines and users do wrong is no bug of ours', () => {
  for (const error of [new Error('no such host'), 'text', undefined]) {
    assert.equal(ownFaultText(error, '1.2.3'), undefined);
  }
});
