/** zstd data, as ELF files have it in their compressed sections. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import fc from 'fast-check';
import { Elf } from '../../src/elf/index.ts';
import { DwarfError, readSections } from '../../src/dwarf/index.ts';
import { UnpackError } from '../../src/unpack/unpack-error.ts';
import { unpackZstd } from '../../src/unpack/zstd.ts';

const noZlib = (): never => {
  throw new Error('not zlib');
};

suite('zstd data', () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'bpfleet-zstd-'));
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  /** The compressor at hand is the one of objcopy, for sections of debug information. */
  function packed(bytes: Uint8Array): { readonly file: string; readonly data: Uint8Array } {
    const object = join(directory, 'empty.o');
    const raw = join(directory, 'raw');
    const file = join(directory, 'packed.o');
    execFileSync('gcc', ['-xc', '-c', '-o', object, '-'], { input: '' });
    writeFileSync(raw, bytes);
    execFileSync('objcopy', ['--add-section', `.debug_str=${raw}`, object]);
    execFileSync('objcopy', ['--compress-debug-sections=zstd', object, file]);
    const elf = new Elf(readFileSync(file));
    const section = elf.section('.debug_str')!;
    assert.equal(section.compressed, true);
    return { file, data: elf.sectionBytes(section).subarray(24) };
  }

  const inputs: readonly (readonly [string, Uint8Array])[] = [
    ['code', readFileSync('/bin/ls')],
    ['much code', readFileSync(process.execPath).subarray(0, 3_000_000)],
    ['source', readFileSync(new URL(import.meta.url))],
    ['repetition', new Uint8Array(3_000_000).fill(65)],
    ['numbers', Uint8Array.from({ length: 100_000 }, (_, index) => (index * index) >> 3)],
  ];

  for (const [name, bytes] of inputs) {
    test(`${name} unpacks to what was packed`, () => {
      const { file, data } = packed(bytes);
      assert.equal(Buffer.compare(unpackZstd(data, bytes.length), bytes), 0);
      const sections = readSections(new Elf(readFileSync(file)), noZlib);
      assert.equal(Buffer.compare(sections.str, bytes), 0);
    });
  }

  test('no more is unpacked than is allowed', () => {
    const { data } = packed(new Uint8Array(2 ** 21).fill(7));
    assert.throws(
      () => unpackZstd(data, 2 ** 20),
      new UnpackError('unpacks to more than 1048576 bytes'),
    );
  });

  test('a section that says it unpacks to thousands of times its size is refused', () => {
    const { file } = packed(new Uint8Array(2 ** 23));
    const sections = readSections(new Elf(readFileSync(file)), noZlib);
    assert.throws(
      () => sections.str,
      new DwarfError('dwarf: .debug_str cannot unpack to 8388608 bytes'),
    );
  });

  test('damaged data is an UnpackError or unpacks to something, soon', () => {
    const { data } = packed(readFileSync(new URL(import.meta.url)));
    const edits = fc.array(fc.tuple(fc.nat(data.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(edits, fc.nat(data.length), (changes, cut) => {
        const bytes = Uint8Array.from(data);
        for (const [at, value] of changes) bytes[at] = value;
        for (const damaged of [bytes, data.subarray(0, cut)]) {
          try {
            unpackZstd(damaged, 2 ** 20);
          } catch (error) {
            assert.ok(error instanceof UnpackError, String(error));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
