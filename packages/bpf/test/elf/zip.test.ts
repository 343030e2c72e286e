/** Files in archives: where they lie, if they can be mapped at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zipMember } from '../../src/elf/zip.ts';

/** An archive of one file. `method` 0 is stored. */
function archive(name: string, contents: string, method = 0, comment = ''): Uint8Array {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x0403_4b50, 0);
  local.writeUInt16LE(name.length, 26);
  local.writeUInt16LE(2, 28);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x0201_4b50, 0);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(contents.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + 2 + contents.length, 16);
  const file = [local, Buffer.from(name), Buffer.alloc(2), Buffer.from(contents)];
  return Buffer.concat([...file, entry, Buffer.from(name), end, Buffer.from(comment)]);
}

test('a stored member is found with its place', () => {
  const found = zipMember(archive('lib/x.so', 'code', 0, 'a comment'), 'lib/x.so');
  assert.equal(found?.offset, 30 + 'lib/x.so'.length + 2);
  assert.equal(Buffer.from(found.bytes).toString(), 'code');
});

test('what cannot be mapped is not found', () => {
  assert.equal(zipMember(archive('x', 'code'), 'y'), undefined);
  assert.equal(zipMember(archive('x', 'code', 8), 'x'), undefined);
  assert.equal(zipMember(Buffer.from('no archive'), 'x'), undefined);
});
