/** Call frame information of a compiled program, whole and damaged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DwarfError, unwindRows, type FrameSection } from '../../src/dwarf/index.ts';
import { SymbolTable } from '../../src/elf/index.ts';
import { buildSample, type Sample } from './sample.ts';

function frames({ elf }: Sample): FrameSection {
  const section = elf.section('.eh_frame');
  assert.ok(section);
  return { bytes: elf.sectionBytes(section), address: section.address, kind: 'eh_frame' };
}

test('a function begins with its return address on top of the stack', () => {
  const sample = buildSample('-fomit-frame-pointer');
  const rows = unwindRows(frames(sample));
  const symbols = new SymbolTable(sample.elf);
  for (const name of ['take', 'give', 'main']) {
    const start = symbols.find(name)?.address;
    const row = rows.find(({ address }) => address === start);
    const expected = { base: 'sp', offset: 8, savedBp: undefined, outermost: false };
    assert.deepEqual(row, { ...expected, address: start }, name);
  }
});

test('a frame pointer that was saved is found, and counts', () => {
  const sample = buildSample('-O0', '-fno-omit-frame-pointer');
  const main = new SymbolTable(sample.elf).find('main');
  assert.ok(main);
  const rows = unwindRows(frames(sample)).filter(
    ({ address }) => address >= main.address && address < main.address + main.sizeBytes,
  );
  const rules = rows.map(({ base, offset, savedBp }) => [base, offset, savedBp]);
  assert.deepEqual(rules.slice(0, 3), [
    ['sp', 8, undefined],
    ['sp', 16, -16],
    ['bp', 16, -16],
  ]);
  assert.deepEqual(rules.at(-1), ['sp', 8, -16]);
});

test('rows are sorted, and the code that nobody calls is the outermost', () => {
  const sample = buildSample();
  const rows = unwindRows(frames(sample));
  const addresses = rows.map(({ address }) => address);
  assert.deepEqual(
    addresses,
    addresses.toSorted((a, b) => a - b),
  );
  const start = sample.elf.entryAddress;
  assert.equal(rows.findLast(({ address }) => address <= start)?.outermost, true);
  assert.equal(rows.at(-1)?.base, 'unknown');
});

test('damage is an error or nothing, never a crash', () => {
  const whole = frames(buildSample());
  for (let at = 0; at < whole.bytes.length; at++) {
    for (const value of [0, 0x7f, 0xff]) {
      const bytes = new Uint8Array(whole.bytes);
      bytes[at] = value;
      try {
        unwindRows({ ...whole, bytes });
      } catch (error) {
        assert.ok(error instanceof DwarfError, `byte ${at} as ${value}: ${String(error)}`);
      }
    }
  }
});
