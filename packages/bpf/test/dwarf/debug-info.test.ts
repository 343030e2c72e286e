/** Functions, lines and types of one program, in every form a compiler may give its debug information. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf, cDefinition } from '../../src/btf/index.ts';
import {
  DebugInfo,
  DwarfError,
  functionSignature,
  parameterTexts,
  readSections,
  TypeImage,
  typeTags,
} from '../../src/dwarf/index.ts';
import { Elf, ElfError, SymbolTable } from '../../src/elf/index.ts';
import { buildSample, openSample, type Sample } from './sample.ts';

const FORMS: Readonly<Record<string, readonly string[]>> = {
  'DWARF 2': ['-gdwarf-2', '-gstrict-dwarf'],
  'DWARF 3': ['-gdwarf-3'],
  'DWARF 4': ['-gdwarf-4'],
  'DWARF 5': ['-gdwarf-5'],
  'the 64-bit format': ['-gdwarf-5', '-gdwarf64'],
  'type units of DWARF 4': ['-gdwarf-4', '-fdebug-types-section'],
  'type units of DWARF 5': ['-gdwarf-5', '-fdebug-types-section'],
  'sections packed by zlib': ['-gz=zlib'],
  'sections packed as once by GNU': ['-gz=zlib-gnu'],
  'split files of DWARF 4': ['-gdwarf-4', '-gsplit-dwarf'],
  'split files of DWARF 5': ['-gdwarf-5', '-gsplit-dwarf'],
  'split files with type units': ['-gdwarf-5', '-gsplit-dwarf', '-fdebug-types-section'],
  'no optimisation': ['-O0'],
};

const LINE_OF_TAKE = lineOf('int tail) {');

function lineOf(text: string): number {
  return 1 + readSource().findIndex((line) => line.includes(text));
}

function readSource(): readonly string[] {
  return readFileSync(new URL('sample.c', import.meta.url), 'utf8').split('\n');
}

function imageOf(sample: Sample, name: string, ...followed: readonly string[]): Btf {
  const type = sample.info.typeNamed(name, typeTags.struct);
  const image = new TypeImage((member) => followed.includes(member));
  image.add(type);
  return new Btf(image.bytes());
}

for (const [form, flags] of Object.entries(FORMS)) {
  const sample = buildSample(...flags);

  test(`${form}: the parameters of a function`, () => {
    assert.deepEqual(parameterTexts(sample.function('take')), [
      'struct outer* o',
      'const node_t* n',
      'enum colour colour',
      'union word word',
      'struct pair pair',
      'struct large large',
      'double real',
      'int tail',
    ]);
    assert.deepEqual(parameterTexts(sample.function('main')), ['int argc', 'char** argv']);
  });

  test(`${form}: the address of a line`, () => {
    const found = sample.info.lineAddress({ file: 'sample.c', line: LINE_OF_TAKE, column: 0 });
    assert.ok('address' in found);
    assert.equal(sample.info.functionAt(found.address)?.name, 'take');
  });

  test(`${form}: the members of a struct`, () => {
    const btf = imageOf(sample, 'outer');
    const id = btf.findByName('outer', 'struct');
    assert.ok(id !== undefined);
    const written = cDefinition(btf, id) ?? '';
    for (const member of [
      'struct bits bits',
      'const char *name',
      'int grid[2][3]',
      'enum colour colour',
      'double real',
    ]) {
      assert.ok(written.includes(`\t${member};`), `${member} in ${written}`);
    }
    const bits = btf.findByName('bits', 'struct');
    const type = bits === undefined ? undefined : btf.typeById(bits);
    assert.ok(type?.kind === 'struct');
    assert.deepEqual(
      type.members.map(({ name, bitOffset, bitSize }) => ({ name, bitOffset, bitSize })),
      [
        { name: 'a', bitOffset: 0, bitSize: 3 },
        { name: 'b', bitOffset: 3, bitSize: 5 },
        { name: 'c', bitOffset: 8, bitSize: 40 },
      ],
    );
  });
}

test('code is of a function, and of those that were inlined there, each at its line', () => {
  const { info, elf } = buildSample();
  const main = new SymbolTable(elf).find('main');
  assert.ok(main);
  const addresses = Array.from({ length: main.sizeBytes }, (_, offset) => main.address + offset);
  const inlined = addresses.map((at) => info.framesAt(at)).find((frames) => frames.length === 2);
  assert.ok(inlined, 'twice is inlined in main');
  assert.deepEqual(
    inlined.map((frame) => [frame.name, frame.inlined, frame.place?.line]),
    [
      ['twice', true, lineOf('return x * 2')],
      ['main', false, lineOf('return twice(')],
    ],
  );
  assert.ok(inlined[0]?.place?.file.endsWith('/sample.c'));
  assert.deepEqual(info.framesAt(1), []);
});

function register(name: string, sizeBytes: number, offset = 0): object {
  return { register: name, offset, sizeBytes };
}

test('arguments are where the calling convention puts them', () => {
  const { parameters } = functionSignature(buildSample().function('take'), 'x86_64');
  assert.deepEqual(
    parameters.map(({ place }) => place),
    [
      { kind: 'registers', parts: [register('di', 8)] },
      { kind: 'registers', parts: [register('si', 8)] },
      { kind: 'registers', parts: [register('dx', 4)] },
      { kind: 'registers', parts: [register('cx', 8)] },
      { kind: 'registers', parts: [register('r8', 8), register('r9', 8, 8)] },
      { kind: 'stack', offset: 8 },
      { kind: 'unreadable' },
      { kind: 'stack', offset: 48 },
    ],
  );
});

test('arguments on arm64 are in x0 to x7, large ones where a register says', () => {
  const { parameters } = functionSignature(buildSample().function('take'), 'arm64');
  assert.deepEqual(
    parameters.map(({ place }) => place),
    [
      { kind: 'registers', parts: [register('x0', 8)] },
      { kind: 'registers', parts: [register('x1', 8)] },
      { kind: 'registers', parts: [register('x2', 4)] },
      { kind: 'registers', parts: [register('x3', 8)] },
      { kind: 'registers', parts: [register('x4', 8), register('x5', 8, 8)] },
      { kind: 'indirect', register: 'x6' },
      { kind: 'unreadable' },
      { kind: 'registers', parts: [register('x7', 4)] },
    ],
  );
  const given = functionSignature(buildSample().function('give'), 'arm64').parameters;
  // The address for the result is in x8, which is no register for arguments.
  assert.deepEqual(given[0]?.place, { kind: 'registers', parts: [register('x0', 4)] });
});

test('floating-point numbers of one size are in registers of their own on arm64, others in general ones', () => {
  const { parameters } = functionSignature(buildSample().function('mix'), 'arm64');
  const places = parameters.map(({ place }) =>
    place.kind === 'registers' ? place.parts.map(({ register }) => register).join() : place.kind,
  );
  assert.deepEqual(places, ['unreadable', 'x0,x1', 'x2', 'x4,x5', 'x6', 'stack', 'stack']);
});

test('the address of a large result takes the first register', () => {
  const { parameters } = functionSignature(buildSample().function('give'), 'x86_64');
  assert.deepEqual(parameters[0]?.place, {
    kind: 'registers',
    parts: [{ register: 'si', offset: 0, sizeBytes: 4 }],
  });
});

test('what a pointer points to is defined where the script names the member, else declared', () => {
  const sample = buildSample();
  assert.equal(imageOf(sample, 'outer').findByName('hidden', 'struct'), undefined);
  assert.notEqual(imageOf(sample, 'outer', 'hidden').findByName('hidden', 'struct'), undefined);
});

test('enumerators keep their values, whatever their size', () => {
  const btf = imageOf(buildSample(), 'outer');
  const values = ['colour', 'big'].map((name) => {
    const id = btf.findByName(name, 'enum');
    const type = id === undefined ? undefined : btf.typeById(id);
    return type?.kind === 'enum' ? type.values.map(({ value }) => value) : [];
  });
  assert.deepEqual(values, [[1n, -2n], [0x100000000n]]);
});

test('a line without code, and a file that is not there, are told', () => {
  const { info } = buildSample();
  assert.deepEqual(info.lineAddress({ file: 'sample.c', line: 1, column: 0 }), {
    reason: "Unable to map 'sample.c:1' to address",
  });
  assert.deepEqual(info.lineAddress({ file: 'sample.c', line: LINE_OF_TAKE, column: 999 }), {
    reason: `Unable to map 'sample.c:${LINE_OF_TAKE}:999' to address`,
  });
  assert.deepEqual(info.lineAddress({ file: 'other.c', line: 1, column: 0 }), {
    reason: 'No compilation unit matches other.c',
  });
});

test('a section that cannot be unpacked is an error that names it', () => {
  const { path } = buildSample('-gz=zlib');
  const sections = readSections(new Elf(readFileSync(path)), () => {
    throw new Error('bad data');
  });
  assert.throws(() => new DebugInfo(sections).units, /dwarf: \.debug_info cannot be unpacked/);
});

for (const flags of [['-gdwarf-5'], ['-gdwarf-4', '-fdebug-types-section']]) {
  test(`damage is an error or nothing, never a crash: ${flags.join(' ')}`, () => {
    const { path, elf } = buildSample(...flags);
    const whole = readFileSync(path);
    const debug = elf.sections.filter(({ name }) => name.startsWith('.debug_'));
    // A small generator of its own, so that a failure can be repeated.
    let seed = 1;
    const random = (limit: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % limit;
    };
    for (let round = 0; round < 400; round++) {
      const bytes = new Uint8Array(whole);
      for (let changes = 1 + random(6); changes > 0; changes--) {
        const section = debug[random(debug.length)];
        if (section === undefined || section.sizeBytes === 0) continue;
        bytes[section.fileOffset + random(section.sizeBytes)] = random(256);
      }
      survives(() => readAll(openSample(path, bytes)));
    }
  });
}

function readAll(sample: Sample): void {
  for (const name of ['take', 'give', 'main']) {
    survives(() => functionSignature(sample.function(name), 'x86_64'));
    survives(() => parameterTexts(sample.function(name)));
  }
  survives(() => imageOf(sample, 'outer', 'hidden', 'next'));
  survives(() => sample.info.lineAddress({ file: 'sample.c', line: LINE_OF_TAKE, column: 0 }));
}

function survives(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (error instanceof DwarfError || error instanceof ElfError) return;
    if (error instanceof Error && error.message.startsWith('no debug information')) return;
    throw error;
  }
}
