/** USDT notes built by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Elf, ElfError, usdtProbes } from '../../src/elf/index.ts';
import type { TinySection } from './tiny-elf.ts';
import { LOAD_ADDRESS, concat, note, tinyElf, words64, zeroed } from './tiny-elf.ts';

interface ProbeNote {
  readonly address: number;
  readonly base?: number;
  readonly semaphore?: number;
  readonly strings: readonly string[];
}

function probeNote({ address, base = 0, semaphore = 0, strings }: ProbeNote): Uint8Array {
  return note('stapsdt', 3, concat([words64(address, base, semaphore), zeroed(...strings)]));
}

function file(notes: readonly Uint8Array[], baseAddress?: number): Elf {
  const sections: TinySection[] = [{ name: '.note.stapsdt', type: 7, data: concat(notes) }];
  if (baseAddress !== undefined) {
    const data = new Uint8Array(1);
    sections.push({ name: '.stapsdt.base', type: 1, address: baseAddress, data });
  }
  return new Elf(tinyElf(sections));
}

test('a probe tells provider, name, place and arguments', () => {
  const elf = file([
    probeNote({ address: LOAD_ADDRESS + 0x50, strings: ['app', 'start', '-4@%edi 8@%rsi'] }),
  ]);
  assert.deepEqual(usdtProbes(elf), [
    {
      provider: 'app',
      name: 'start',
      address: LOAD_ADDRESS + 0x50,
      fileOffset: 0x50,
      argsSpec: '-4@%edi 8@%rsi',
    },
  ]);
});

test('a semaphore is a place in the file', () => {
  const elf = file([
    probeNote({
      address: LOAD_ADDRESS + 0x50,
      semaphore: LOAD_ADDRESS + 0x60,
      strings: ['app', 'start', ''],
    }),
  ]);
  assert.equal(usdtProbes(elf)[0]?.semaphoreOffset, 0x60);
});

test('a base that moved moves the probe and its semaphore', () => {
  const strings = ['app', 'start', ''];
  const moved = probeNote({ address: 0x50, base: 0x80, semaphore: 0x60, strings });
  const [probe] = usdtProbes(file([moved], LOAD_ADDRESS + 0x80));
  assert.equal(probe?.fileOffset, 0x50);
  assert.equal(probe.semaphoreOffset, 0x60);
});

test('a probe inlined twice is listed twice, notes of others are not', () => {
  const strings = ['app', 'start', ''];
  const elf = file([
    probeNote({ address: LOAD_ADDRESS + 0x50, strings }),
    note('GNU', 3, new Uint8Array(40)),
    probeNote({ address: LOAD_ADDRESS + 0x58, strings }),
  ]);
  assert.deepEqual(
    usdtProbes(elf).map(({ fileOffset }) => fileOffset),
    [0x50, 0x58],
  );
});

test('a probe outside every segment is left out', () => {
  const elf = file([probeNote({ address: 0x50, strings: ['app', 'start', ''] })]);
  assert.deepEqual(usdtProbes(elf), []);
});

test('a note that lacks a string is an ElfError', () => {
  const elf = file([probeNote({ address: LOAD_ADDRESS + 0x50, strings: ['app'] })]);
  assert.throws(() => usdtProbes(elf), ElfError);
});

test('a note longer than its section is an ElfError', () => {
  const cut = probeNote({ address: LOAD_ADDRESS, strings: ['app', 'start', ''] }).slice(0, 40);
  assert.throws(() => usdtProbes(file([cut])), ElfError);
});
