/** Files in archives: where they lie, if they can be mapped at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteSource, type ByteSource } from '../../src/elf/byte-source.ts';
import { memberSource, zipMember, zipMemberAt } from '../../src/elf/zip.ts';

/** An archive of one file. `method` 0 is stored. */
function archive(name: string, contents: string, method = 0, comment = ''): ByteSource {
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
  end.writeUInt32LE(entry.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + 2 + contents.length, 16);
  const file = [local, Buffer.from(name), Buffer.alloc(2), Buffer.from(contents)];
  return byteSource(Buffer.concat([...file, entry, Buffer.from(name), end, Buffer.from(comment)]));
}

test('a stored member is found with its place', () => {
  const file = archive('lib/x.so', 'code', 0, 'a comment');
  const found = zipMember(file, 'lib/x.so');
  assert.equal(found?.offset, 30 + 'lib/x.so'.length + 2);
  assert.equal(Buffer.from(memberSource(file, found).read(0, 4)).toString(), 'code');
});

test('a byte of an archive is in the member around it, or in none', () => {
  const file = archive('lib/x.so', 'code');
  const start = 30 + 'lib/x.so'.length + 2;
  for (const offset of [start, start + 3]) {
    assert.equal(zipMemberAt(file, offset)?.name, 'lib/x.so');
  }
  for (const offset of [0, start - 1, start + 4, file.length]) {
    assert.equal(zipMemberAt(file, offset), undefined);
  }
  assert.equal(zipMemberAt(archive('x', 'code', 8), start), undefined);
  assert.equal(zipMemberAt(byteSource(new Uint8Array(3)), 0), undefined);
});

test('what cannot be mapped is not found', () => {
  assert.equal(zipMember(archive('x', 'code'), 'y'), undefined);
  assert.equal(zipMember(archive('x', 'code', 8), 'x'), undefined);
  assert.equal(zipMember(byteSource(Buffer.from('no archive')), 'x'), undefined);
});
