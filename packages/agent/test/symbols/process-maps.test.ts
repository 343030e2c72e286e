import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { findMapping, parseProcessMaps } from '../../src/symbols/process-maps.ts';

const TEXT = `55d0c0a00000-55d0c0a01000 r--p 00000000 fe:00 1234                       /usr/bin/cat
55d0c0a01000-55d0c0a05000 r-xp 00001000 fe:00 1234                       /usr/bin/cat
7f0000000000-7f0000002000 r-xp 00026000 fe:00 99                         /opt/a b/lib with blank.so
55d0c0a06000-55d0c0a07000 ---p 00000000 00:00 0
7ffd1e9f4000-7ffd1e9f6000 r-xp 00000000 00:00 0                          [vdso]
not a mapping at all
`;

test('keeps the mappings that can be read or run, with their file and offset', () => {
  assert.deepEqual(parseProcessMaps(TEXT), [
    {
      start: 0x55d0c0a00000n,
      end: 0x55d0c0a01000n,
      executable: false,
      fileOffset: 0n,
      path: '/usr/bin/cat',
      file: 'fe:00:1234',
    },
    {
      start: 0x55d0c0a01000n,
      end: 0x55d0c0a05000n,
      executable: true,
      fileOffset: 0x1000n,
      path: '/usr/bin/cat',
      file: 'fe:00:1234',
    },
    {
      start: 0x7f0000000000n,
      end: 0x7f0000002000n,
      executable: true,
      fileOffset: 0x26000n,
      path: '/opt/a b/lib with blank.so',
      file: 'fe:00:99',
    },
    {
      start: 0x7ffd1e9f4000n,
      end: 0x7ffd1e9f6000n,
      executable: true,
      fileOffset: 0n,
      path: '[vdso]',
      file: '00:00:0',
    },
  ]);
});

test('finds the mapping of an address, its first byte included and its end not', () => {
  const mappings = parseProcessMaps(TEXT);
  assert.equal(findMapping(mappings, 0x55d0c0a01000n)?.path, '/usr/bin/cat');
  assert.equal(findMapping(mappings, 0x55d0c0a04fffn)?.path, '/usr/bin/cat');
  assert.equal(findMapping(mappings, 0x55d0c0a05000n), undefined);
  assert.equal(findMapping(mappings, 0n), undefined);
  assert.equal(findMapping([], 1n), undefined);
});

test('damaged text gives the mappings of the lines that make sense, never an exception', () => {
  const text = readFileSync('/proc/self/maps', 'utf8');
  const edits = fc.array(fc.tuple(fc.nat(text.length - 1), fc.string()), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(edits, fc.bigInt(0n, 2n ** 64n), (changes, address) => {
      let damaged = text;
      for (const [at, piece] of changes) {
        damaged = damaged.slice(0, at) + piece + damaged.slice(at + 1);
      }
      const mappings = parseProcessMaps(damaged);
      assert.ok(mappings.length <= damaged.split('\n').length);
      findMapping(mappings, address);
    }),
    { numRuns: 300 },
  );
});
