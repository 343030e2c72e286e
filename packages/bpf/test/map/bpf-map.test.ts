import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';
import type { MapSpec } from '../../src/asm/spec.ts';
import { BpfMap } from '../../src/map/bpf-map.ts';
import { MapError } from '../../src/map/map-error.ts';
import * as K from '../../src/sys/constants.ts';

const SPEC: MapSpec = {
  name: 'm',
  type: 'hash',
  keySize: 1,
  valueSize: 2,
  maxEntries: 8,
  flags: 0,
};

function filled(kernel: FakeKernel): BpfMap {
  const map = BpfMap.create(SPEC, kernel, 4);
  for (const key of [1, 2, 3]) map.update(Uint8Array.of(key), Uint8Array.of(key, 0));
  return map;
}

function pairs(map: BpfMap): number[][] {
  return map.entries().map(({ key, value }) => [...key, ...value]);
}

test('reads entries one by one where the kernel has no batch commands', () => {
  const kernel = new FakeKernel();
  using map = filled(kernel);
  assert.deepEqual(pairs(map), [
    [1, 1, 0],
    [2, 2, 0],
    [3, 3, 0],
  ]);
  assert.equal(map.takeEntries().length, 3);
  assert.deepEqual(pairs(map), []);
});

test('asks for a larger batch when a bucket does not fit', () => {
  const kernel = new FakeKernel();
  using map = filled(kernel);
  const counts: number[] = [];
  kernel.answers.set(K.BPF_MAP_LOOKUP_BATCH, (attr) => {
    const count = attr.readU32(32);
    counts.push(count);
    if (counts.length === 1) return -28;
    (attr.targetAt(16) as Uint8Array).set([7]);
    (attr.targetAt(24) as Uint8Array).set([9, 9]);
    attr.u32(32, 1);
    return -2;
  });
  assert.deepEqual(pairs(map), [[7, 9, 9]]);
  assert.deepEqual(counts, [8, 16]);
});

test('goes on where the last batch ended', () => {
  const kernel = new FakeKernel();
  using map = filled(kernel);
  kernel.answers.set(K.BPF_MAP_LOOKUP_BATCH, (attr) => {
    const from = (attr.targetAt(0) as Uint8Array | undefined)?.[0] ?? 0;
    (attr.targetAt(8) as Uint8Array).set([from + 1]);
    (attr.targetAt(16) as Uint8Array).set([from]);
    attr.u32(32, 1);
    return from === 2 ? -2 : 0;
  });
  assert.deepEqual(
    map.entries().map(({ key }) => [...key]),
    [[0], [1], [2]],
  );
});

test('rejects keys and values of the wrong size before the kernel reads past them', () => {
  using map = filled(new FakeKernel());
  assert.throws(() => map.lookup(new Uint8Array(2)), /^RangeError: map m: key has 2 bytes, not 1$/);
  assert.throws(() => {
    map.update(new Uint8Array(1), new Uint8Array(1));
  }, /^RangeError: map m: value has 1 bytes, not 2$/);
});

test('names the operation, the map and the errno of a refused call', () => {
  const kernel = new FakeKernel();
  using map = filled(kernel);
  kernel.answers.set(K.BPF_MAP_LOOKUP_ELEM, () => -1);
  assert.throws(() => map.lookup(Uint8Array.of(1)), {
    name: 'MapError',
    message: 'look up map m: bpf(BPF_MAP_LOOKUP_ELEM): EPERM: operation not permitted',
  });
});

test('leaves no descriptor open when the initial value is refused', () => {
  const kernel = new FakeKernel();
  kernel.answers.set(K.BPF_MAP_UPDATE_ELEM, () => -7);
  const spec: MapSpec = { ...SPEC, initial: Uint8Array.of(1, 2) };
  assert.throws(() => BpfMap.create(spec, kernel, 4), MapError);
  assert.equal(kernel.openFds.size, 0);
});

test('gives every CPU of a per-CPU array the initial value', () => {
  const kernel = new FakeKernel();
  const spec: MapSpec = { ...SPEC, type: 'percpu_array', initial: Uint8Array.of(1, 2) };
  using map = BpfMap.create(spec, kernel, 3);
  const value = map.lookup(Uint8Array.of(0)) ?? assert.fail('not found');
  assert.equal(value.length, 24);
  for (const cpu of [0, 1, 2]) assert.deepEqual(map.slot(value, cpu), Uint8Array.of(1, 2));
});
