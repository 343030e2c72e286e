/** Caches of the dynamic linker, built by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ElfError, lookupLibrary } from '../../src/elf/index.ts';
import { concat, zeroed } from './tiny-elf.ts';

interface Entry {
  readonly flags: number;
  readonly key: string;
  readonly path: string;
  readonly hwcap?: bigint;
}

const X86_64 = 0x0303;
const ARM64 = 0x0a03;
const I386 = 0x0003;

const entries: readonly Entry[] = [
  { flags: I386, key: 'libc.so.6', path: '/lib/i386/libc.so.6' },
  { flags: X86_64, key: 'libc.so.6', path: '/lib/v3/libc.so.6', hwcap: 1n << 62n },
  { flags: X86_64, key: 'libc.so.6', path: '/lib/libc.so.6' },
  { flags: X86_64, key: 'libcrypto.so.3', path: '/lib/libcrypto.so.3' },
  { flags: X86_64, key: 'libfast.so.1', path: '/lib/v3/libfast.so.1', hwcap: 1n << 62n },
  { flags: ARM64, key: 'libc.so.6', path: '/lib/arm64/libc.so.6' },
];

function cacheOf(list: readonly Entry[]): Uint8Array {
  const bytes = new Uint8Array(48 + list.length * 24);
  bytes.set(new TextEncoder().encode('glibc-ld.so.cache1.1'));
  const view = new DataView(bytes.buffer);
  view.setUint32(20, list.length, true);
  let stringAt = bytes.length;
  list.forEach(({ flags, key, path, hwcap }, index) => {
    const at = 48 + index * 24;
    view.setUint32(at, flags, true);
    view.setUint32(at + 4, stringAt, true);
    view.setUint32(at + 8, stringAt + key.length + 1, true);
    view.setBigUint64(at + 16, hwcap ?? 0n, true);
    stringAt += key.length + path.length + 2;
  });
  return concat([bytes, zeroed(...list.flatMap(({ key, path }) => [key, path]))]);
}

/** The old format ahead of the new one: a header, `count` entries, padding. */
function withOldCache(count: number): Uint8Array {
  const old = new Uint8Array(Math.ceil((16 + count * 12) / 8) * 8);
  old.set(new TextEncoder().encode('ld.so-1.7.0'));
  new DataView(old.buffer).setUint32(12, count, true);
  return concat([old, cacheOf(entries)]);
}

const found = [
  ['libc', '/lib/libc.so.6'],
  ['c', '/lib/libc.so.6'],
  ['libc.so', '/lib/libc.so.6'],
  ['libc.so.6', '/lib/libc.so.6'],
  ['libfast', '/lib/v3/libfast.so.1'],
  ['libm', undefined],
  ['lib', undefined],
  ['', undefined],
] as const;

for (const [name, path] of found) {
  test(`'${name}' is ${path ?? 'not found'}`, () => {
    assert.equal(lookupLibrary(cacheOf(entries), name, 'x86_64'), path);
  });
}

test('each architecture finds its own libraries', () => {
  assert.equal(lookupLibrary(cacheOf(entries), 'libc', 'arm64'), '/lib/arm64/libc.so.6');
});

test('a cache in the old format may come first', () => {
  assert.equal(lookupLibrary(withOldCache(1), 'libc', 'x86_64'), '/lib/libc.so.6');
  assert.equal(lookupLibrary(withOldCache(2), 'libc', 'x86_64'), '/lib/libc.so.6');
});

test('another file is an ElfError', () => {
  assert.throws(() => lookupLibrary(new Uint8Array(), 'libc', 'x86_64'), ElfError);
  assert.throws(() => lookupLibrary(new Uint8Array(100), 'libc', 'x86_64'), ElfError);
});

test('no damaged cache crashes or hangs the reader', () => {
  const cache = withOldCache(2);
  const edits = fc.array(fc.tuple(fc.nat(cache.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(edits, fc.nat(cache.length), (changes, length) => {
      const bytes = cache.slice(0, length);
      for (const [at, value] of changes) bytes[at] = value;
      try {
        lookupLibrary(bytes, 'libc', 'x86_64');
      } catch (error) {
        assert.ok(error instanceof ElfError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
