import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkCreateAttr, mapCreateAttr, progLoadAttr } from '../../src/sys/bpf-attr.ts';
import { KernelStruct } from '../../src/sys/kernel-struct.ts';

function textAt(struct: KernelStruct, offsetBytes: number): string {
  return Buffer.from(struct.bytes.subarray(offsetBytes, offsetBytes + 16)).toString();
}

test('object names are cut to 15 characters the kernel accepts', () => {
  const sizes = { mapType: 1, keySize: 4, valueSize: 8, maxEntries: 10, flags: 0 };
  const struct = mapCreateAttr({ ...sizes, name: '@latency by comm!' });
  assert.equal(textAt(struct, 28), '_latency_by_com\0');
  assert.equal(struct.readU32(12), 10);
});

test('a program without a log or BTF leaves their fields zero', () => {
  const struct = progLoadAttr({
    programType: 5,
    name: 'p',
    instructions: new Uint8Array(24),
    license: 'GPL',
  });
  assert.equal(struct.readU32(4), 3);
  assert.deepEqual(
    struct.pointers.map(({ offsetBytes }) => offsetBytes),
    [8, 16],
  );
  assert.ok(struct.bytes.subarray(72).every((byte) => byte === 0));
});

test('the symbols of a kprobe multi link are an array of pointers to C strings', () => {
  const symbols = ['vfs_read', 'vfs_write'];
  const target = { kind: 'kprobe-multi', flags: 1, symbols } as const;
  const struct = linkCreateAttr({ programFd: 3, targetFd: 0, attachType: 42, target });
  assert.equal(struct.readU32(20), 2);
  const array = struct.targetAt(24);
  assert.ok(array instanceof KernelStruct);
  assert.deepEqual(
    array.pointers.map(({ target: name }) => Buffer.from(name as Uint8Array).toString()),
    ['vfs_read\0', 'vfs_write\0'],
  );
});
