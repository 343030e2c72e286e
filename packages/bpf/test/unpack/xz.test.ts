/** xz data, as the xz tools make it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { UnpackError } from '../../src/unpack/unpack-error.ts';
import { unpackXz } from '../../src/unpack/xz.ts';

/** Several kinds of data: code, text that repeats itself, and none. */
const inputs: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', new Uint8Array()],
  ['one byte', Uint8Array.of(7)],
  ['code', readFileSync('/bin/ls')],
  ['source', readFileSync(new URL(import.meta.url))],
  ['repetition', new Uint8Array(300_000).fill(65)],
];

const ways: readonly (readonly string[])[] = [
  ['-0'],
  ['-6', '--check=crc32'],
  ['-9e', '--check=sha256'],
  ['-6', '--check=none', '--block-size=50000'],
  ['--lzma2=lc=1,lp=2,pb=0'],
];

const pack = (bytes: Uint8Array, argv: readonly string[]): Uint8Array =>
  execFileSync('xz', ['-c', ...argv], { input: bytes, maxBuffer: 2 ** 26 });

for (const [name, bytes] of inputs) {
  test(`${name} unpacks to what was packed`, () => {
    for (const argv of ways) {
      const unpacked = unpackXz(pack(bytes, argv), 2 ** 24);
      assert.equal(Buffer.compare(unpacked, bytes), 0, argv.join(' '));
    }
  });
}

test('no more is unpacked than is allowed', () => {
  const packed = pack(new Uint8Array(2 ** 22), ['-6']);
  assert.throws(
    () => unpackXz(packed, 2 ** 20),
    new UnpackError('unpacks to more than 1048576 bytes'),
  );
});

test('filters other than LZMA2, and what is no xz data, are refused', () => {
  const filtered = pack(readFileSync('/bin/ls'), ['--x86', '--lzma2']);
  assert.throws(() => unpackXz(filtered, 2 ** 24), /a filter other than LZMA2/);
  assert.throws(() => unpackXz(new Uint8Array(100), 2 ** 24), /no xz data/);
});

test('damaged data is an UnpackError or unpacks to something, soon', () => {
  const packed = pack(readFileSync(new URL(import.meta.url)), ['-6']);
  const edits = fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(edits, fc.nat(packed.length), (changes, cut) => {
      const bytes = Uint8Array.from(packed);
      for (const [at, value] of changes) bytes[at] = value;
      for (const damaged of [bytes, packed.subarray(0, cut)]) {
        try {
          unpackXz(damaged, 2 ** 20);
        } catch (error) {
          assert.ok(error instanceof UnpackError, String(error));
        }
      }
    }),
    { numRuns: 300 },
  );
});
