/** Headers, notes and symbols of an ELF file, whole and damaged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Elf, ElfError, SymbolTable, parseUsdtArgs, usdtProbes } from '../../src/elf/index.ts';
import { LOAD_ADDRESS, concat, note, symbol, tinyElf, words64, zeroed } from './tiny-elf.ts';

const FUNC = 2;
const OBJECT = 1;
const GLOBAL = 0x10;

function sampleFile(): Uint8Array {
  const strings = zeroed('', 'main', 'step', 'main_alias', 'counter', 'malloc@@GLIBC_2.2.5');
  return tinyElf([
    { name: '.strtab', type: 3, data: strings },
    {
      name: '.symtab',
      type: 2,
      link: 1,
      data: concat([
        symbol(0, 0, 0, 0, 0),
        symbol(6, FUNC, 1, LOAD_ADDRESS + 0x90, 16),
        symbol(6, FUNC, 1, LOAD_ADDRESS + 0x40, 0),
        symbol(11, FUNC, 1, LOAD_ADDRESS + 0x20, 16),
        symbol(1, FUNC | GLOBAL, 1, LOAD_ADDRESS + 0x20, 16),
        symbol(22, OBJECT | GLOBAL, 1, LOAD_ADDRESS + 0x60, 8),
        symbol(30, FUNC | GLOBAL, 0, 0, 0),
        symbol(30, FUNC | GLOBAL, 1, LOAD_ADDRESS + 0x70, 4),
      ]),
    },
    {
      name: '.dynsym',
      type: 11,
      link: 1,
      data: symbol(1, FUNC | GLOBAL, 1, LOAD_ADDRESS + 0x20, 16),
    },
    {
      name: '.note.gnu.build-id',
      type: 7,
      data: concat([
        note('GNU', 1, new Uint8Array(4)),
        note('GNU', 3, Uint8Array.of(0xde, 0xad, 0x0b, 0xef)),
      ]),
    },
    {
      name: '.gnu_debuglink',
      type: 1,
      data: concat([zeroed('demo.debug', ''), Uint8Array.of(0x78, 0x56, 0x34, 0x12)]),
    },
    {
      name: '.note.stapsdt',
      type: 7,
      data: note(
        'stapsdt',
        3,
        concat([words64(LOAD_ADDRESS + 0x40, 0, 0), zeroed('app', 'start', '-4@%edi')]),
      ),
    },
  ]);
}

const sample = new Elf(sampleFile());

test('the header tells the architecture and whether the file can be loaded anywhere', () => {
  assert.equal(sample.architecture, 'x86_64');
  assert.equal(sample.relocatable, true);
  assert.equal(new Elf(tinyElf([], 183)).architecture, 'arm64');
  assert.equal(new Elf(tinyElf([], 8)).architecture, undefined);
});

test('build id and debug link are read', () => {
  assert.equal(sample.buildId, 'dead0bef');
  assert.deepEqual(sample.debugLink, { fileName: 'demo.debug', crc: 0x12345678 });
});

test('a file without notes has neither', () => {
  const bare = new Elf(tinyElf([]));
  assert.equal(bare.buildId, undefined);
  assert.equal(bare.debugLink, undefined);
  assert.deepEqual(usdtProbes(bare), []);
});

test('addresses and file offsets lead to one another inside segments only', () => {
  assert.equal(sample.addressToOffset(LOAD_ADDRESS + 0x40), 0x40);
  assert.equal(sample.offsetToAddress(0x40), LOAD_ADDRESS + 0x40);
  assert.equal(sample.addressToOffset(0x40), undefined);
  assert.equal(sample.offsetToAddress(2 ** 40), undefined);
});

test('a function is found by name, without its version', () => {
  const symbols = new SymbolTable(sample);
  const malloc = symbols.find('malloc');
  assert.equal(malloc?.address, LOAD_ADDRESS + 0x70);
  assert.equal(symbols.fileOffset(malloc), 0x70);
  assert.equal(symbols.find('free'), undefined);
});

test('all static functions of one name are found', () => {
  const addresses = new SymbolTable(sample).findAll('step').map(({ address }) => address);
  assert.deepEqual(addresses, [LOAD_ADDRESS + 0x90, LOAD_ADDRESS + 0x40]);
});

test('a symbol in both tables counts once', () => {
  const symbols = new SymbolTable(sample);
  assert.equal(symbols.findAll('main').length, 1);
  assert.equal(symbols.functions.filter(({ name }) => name === 'main').length, 1);
});

test('a variable has a name and a place but is no function', () => {
  const symbols = new SymbolTable(sample);
  assert.equal(symbols.find('counter')?.kind, 'object');
  assert.equal(symbols.findByAddress(LOAD_ADDRESS + 0x60)?.name, 'counter');
  assert.ok(symbols.functions.every(({ name }) => name !== 'counter'));
});

const addresses = [
  ['before the first', 0x1f, undefined],
  ['the first byte of two names, of which the global one wins', 0x20, 'main'],
  ['the last byte', 0x2f, 'main'],
  ['the gap after a function with a size', 0x30, undefined],
  ['the tail of one without a size', 0x5f, 'step'],
  ['behind a variable that follows one without a size', 0x6f, undefined],
  ['past the last', 0xa0, undefined],
] as const;

for (const [name, offset, expected] of addresses) {
  test(`searching by address: ${name}`, () => {
    const found = new SymbolTable(sample).findByAddress(LOAD_ADDRESS + offset);
    assert.equal(found?.name, expected);
  });
}

test('of names that start together the longest is meant, of as long ones the global, of equal ones the first', () => {
  const names = ['', 'short', 'long', 'long_global', 'b_alias', 'a_alias', 'label', 'dynamic'];
  const nameAt = (name: string): number => zeroed(...names.slice(0, names.indexOf(name))).length;
  const at = (offset: number): number => LOAD_ADDRESS + offset;
  const strings = { name: '.strtab', type: 3, data: zeroed(...names) };
  const symbols = new SymbolTable(
    new Elf(
      tinyElf([
        strings,
        {
          name: '.symtab',
          type: 2,
          link: 1,
          data: concat([
            symbol(nameAt('short'), FUNC | GLOBAL, 1, at(0x10), 4),
            symbol(nameAt('long'), FUNC, 1, at(0x10), 0x20),
            symbol(nameAt('long_global'), FUNC | GLOBAL, 1, at(0x10), 0x20),
            symbol(nameAt('label'), 0, 1, at(0x18), 0),
            symbol(nameAt('b_alias'), FUNC | GLOBAL, 1, at(0x40), 8),
            symbol(nameAt('a_alias'), FUNC | GLOBAL, 1, at(0x40), 8),
          ]),
        },
        {
          name: '.dynsym',
          type: 11,
          link: 1,
          data: symbol(nameAt('dynamic'), FUNC | GLOBAL, 1, at(0x60), 0),
        },
      ]),
    ),
  );
  const nameOf = (offset: number): string | undefined => symbols.findByAddress(at(offset))?.name;
  assert.equal(nameOf(0x12), 'long_global');
  assert.equal(nameOf(0x1a), 'label');
  assert.equal(nameOf(0x41), 'b_alias');
  assert.equal(nameOf(0x60), 'dynamic');
  assert.equal(nameOf(0x61), undefined);
});

test('a name that is the end of another, and one with a version, are found', () => {
  const strings = zeroed('', 'my_main', 'open@@V2');
  const symbols = new SymbolTable(
    new Elf(
      tinyElf([
        { name: '.strtab', type: 3, data: strings },
        {
          name: '.symtab',
          type: 2,
          link: 1,
          data: concat([
            symbol(4, FUNC, 1, LOAD_ADDRESS + 1, 1),
            symbol(9, FUNC, 1, LOAD_ADDRESS + 2, 1),
          ]),
        },
      ]),
    ),
  );
  assert.equal(symbols.find('main')?.address, LOAD_ADDRESS + 1);
  assert.equal(symbols.find('open')?.address, LOAD_ADDRESS + 2);
  for (const name of ['my_main', 'mai', 'open@', 'pen', '']) {
    assert.equal(symbols.find(name), undefined);
  }
});

const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['an empty file', new Uint8Array(), /not an ELF file/],
  ['a script', new TextEncoder().encode('#!/bin/sh\n'.repeat(10)), /not an ELF file/],
  ['a 32-bit file', sampleFile().with(4, 1), /not a 64-bit file/],
  ['a big-endian file', sampleFile().with(5, 2), /not a little-endian file/],
  ['a truncated file', sampleFile().slice(0, -1), /past the end/],
];

for (const [name, bytes, message] of refused) {
  test(`${name} is an ElfError`, () => {
    assert.throws(
      () => new Elf(bytes),
      (error) => error instanceof ElfError && message.test(error.message),
    );
  });
}

function readEverything(bytes: Uint8Array): void {
  const attempt = (read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      assert.ok(error instanceof ElfError, String(error));
    }
  };
  attempt(() => {
    const elf = new Elf(bytes);
    attempt(() => elf.buildId);
    attempt(() => elf.debugLink);
    attempt(() => {
      const symbols = new SymbolTable(elf);
      symbols.find('main');
      symbols.findByAddress(LOAD_ADDRESS);
    });
    attempt(() => {
      for (const { argsSpec } of usdtProbes(elf)) {
        attempt(() => parseUsdtArgs(argsSpec, 'x86_64'));
        attempt(() => parseUsdtArgs(argsSpec, 'arm64'));
      }
    });
  });
}

test('no damaged file crashes or hangs the reader', () => {
  const file = sampleFile();
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 255));
  const edits = fc.array(fc.tuple(fc.nat(file.length - 1), byte), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(edits, (changes) => {
      const bytes = Uint8Array.from(file);
      for (const [at, value] of changes) bytes[at] = value;
      readEverything(bytes);
    }),
    { numRuns: 1000 },
  );
});

test('no file cut short crashes the reader', () => {
  const file = sampleFile();
  for (let length = 0; length < file.length; length++) readEverything(file.subarray(0, length));
});
