/** Maps of every kind on the running kernel. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BpfMap, type MapSpec, openKernel, readHost } from '@bpfleet/bpf';
import { failOnFdLeaks } from '../support/fd-leaks.ts';
import { notRoot } from '../support/needs-kernel.ts';

failOnFdLeaks();

function spec(fields: Partial<MapSpec>): MapSpec {
  return {
    name: 'test',
    type: 'hash',
    keySize: 4,
    valueSize: 8,
    maxEntries: 5000,
    flags: 0,
    ...fields,
  };
}

function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function u64(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}

function readU32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

describe('maps of the kernel', { skip: notRoot() }, () => {
  const calls = openKernel();
  const { possibleCpus } = readHost();
  const create = (fields: Partial<MapSpec>): BpfMap =>
    BpfMap.create(spec(fields), calls, possibleCpus);

  test('a value written is the value read, and a deleted key is gone', () => {
    using map = create({});
    assert.equal(map.lookup(u32(7)), undefined);
    map.update(u32(7), u64(42n));
    assert.deepEqual(map.lookup(u32(7)), u64(42n));
    assert.equal(map.delete(u32(7)), true);
    assert.equal(map.delete(u32(7)), false);
    assert.equal(map.lookup(u32(7)), undefined);
  });

  test('all of several thousand entries are read in batches, each once', () => {
    using map = create({});
    for (let key = 0; key < 5000; key += 1) map.update(u32(key), u64(BigInt(key) * 3n));
    const entries = map.entries();
    assert.equal(new Set(entries.map(({ key }) => readU32(key))).size, 5000);
    for (const { key, value } of entries) assert.deepEqual(value, u64(BigInt(readU32(key)) * 3n));
    assert.equal([...map.keys()].length, 5000);
  });

  test('taking entries empties a hash map', () => {
    using map = create({ type: 'lru_hash' });
    for (let key = 0; key < 100; key += 1) map.update(u32(key), u64(1n));
    assert.equal(map.takeEntries().length, 100);
    assert.deepEqual(map.entries(), []);
  });

  test('a full map refuses another key', () => {
    using map = create({ maxEntries: 1 });
    map.update(u32(1), u64(1n));
    assert.throws(() => {
      map.update(u32(2), u64(1n));
    }, /^MapError: update map test: bpf\(BPF_MAP_UPDATE_ELEM\): E2BIG: the map is full$/);
  });

  for (const type of ['percpu_hash', 'percpu_array', 'lru_percpu_hash'] as const) {
    test(`a ${type} keeps a value for each CPU, with slots rounded up to 8 bytes`, () => {
      using map = create({ type, valueSize: 12, maxEntries: 64 });
      assert.equal(map.slotSize, 16);
      const value = new Uint8Array(map.valueBytes);
      for (let cpu = 0; cpu < possibleCpus; cpu += 1) value.fill(cpu + 1, cpu * 16, cpu * 16 + 12);
      map.update(u32(3), value);
      const read = map.lookup(u32(3)) ?? assert.fail('not found');
      for (let cpu = 0; cpu < possibleCpus; cpu += 1) {
        assert.deepEqual(map.slot(read, cpu), new Uint8Array(12).fill(cpu + 1));
      }
      const entry = map.entries().find(({ key }) => readU32(key) === 3);
      assert.deepEqual(entry?.value, read);
      map.clear();
      assert.ok(map.entries().every(({ value: cleared }) => cleared.every((byte) => byte === 0)));
    });
  }

  test('an array starts with its initial element and a frozen one cannot be written', () => {
    using map = create({
      type: 'array',
      maxEntries: 1,
      initial: u64(99n),
      frozen: true,
    });
    assert.deepEqual(map.lookup(u32(0)), u64(99n));
    assert.throws(() => {
      map.update(u32(0), u64(1n));
    }, /EPERM/);
  });

  test('a map the kernel refuses says which one and why', () => {
    assert.throws(() => create({ name: 'bad', keySize: 0 }), /^MapError: create map bad: .*EINVAL/);
  });
});
