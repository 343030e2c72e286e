/** Reading a blob: types by id and by name, a module on top of its base, and damage. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  Btf,
  BtfBuilder,
  BtfError,
  cDefinition,
  cTypeName,
  functionArgs,
  memberNames,
  sizeOf,
} from '../../src/btf/index.ts';
import type { BtfKind } from '../../src/btf/index.ts';
import { tinyBlob, tinyBtf } from './tiny-btf.ts';

function typeNamed(btf: Btf, name: string, kind: BtfKind): unknown {
  const id = btf.findByName(name, kind);
  assert.notEqual(id, undefined, `${kind} ${name}`);
  return btf.typeById(id ?? 0);
}

test('id 0 is void', () => {
  assert.deepEqual(tinyBtf().typeById(0), { kind: 'void', id: 0 });
});

test('an int tells its size, sign and encoding', () => {
  assert.deepEqual(typeNamed(tinyBtf(), 'char', 'int'), {
    kind: 'int',
    id: 4,
    name: 'char',
    sizeBytes: 1,
    bits: 8,
    signed: true,
    encoding: 'char',
  });
});

test('an enum keeps negative values', () => {
  const state = typeNamed(tinyBtf(), 'state', 'enum') as { values: unknown };
  assert.deepEqual(state.values, [
    { name: 'RUNNING', value: 0n },
    { name: 'ZOMBIE', value: -1n },
  ]);
});

test('a name is found in its kind only', () => {
  const btf = tinyBtf();
  assert.equal(btf.findByName('task', 'union'), undefined);
  assert.equal(btf.findByName('tas', 'struct'), undefined);
  assert.equal(btf.findByName('taskk', 'struct'), undefined);
  assert.equal(btf.findByName('', 'struct'), undefined);
});

test('of several types with one name the first is found', () => {
  const builder = new BtfBuilder();
  const first = builder.struct('twin', 4, []);
  builder.struct('twin', 8, []);
  assert.equal(new Btf(builder.bytes()).findByName('twin', 'struct'), first);
});

test('all named types of a kind can be listed', () => {
  const structs = [...tinyBtf().namesOf('struct')].map(([, name]) => name);
  assert.deepEqual(structs, ['list', 'task']);
});

test('the parameters and result of a function are known', () => {
  const btf = tinyBtf();
  const signature = functionArgs(btf, 'read_task');
  assert.deepEqual(
    signature?.params.map(({ name, type }) => [name, cTypeName(btf, type)]),
    [
      ['task', 'struct task *'],
      ['buf', 'char *'],
    ],
  );
  assert.equal(cTypeName(btf, signature?.returnType ?? 0), 'size_t');
  assert.equal(functionArgs(btf, 'task'), undefined);
});

test('a module numbers its types and strings on from its base', () => {
  const base = tinyBtf();
  const module = splitModule(base);
  const id = module.findByName('driver', 'struct');
  assert.equal(id, base.typeCount);
  assert.equal(module.findByName('task', 'struct'), base.findByName('task', 'struct'));
  assert.deepEqual(memberNames(module, id ?? 0), ['pid']);
  assert.equal(sizeOf(module, id ?? 0), 4);
});

test('a module finds a type of its own by a name that is among the strings of its base', () => {
  const base = tinyBtf();
  const bytes = new BtfBuilder();
  bytes.struct('driver', 4, []);
  const blob = bytes.bytes();
  // The name of the first type is the first word behind the header.
  new DataView(blob.buffer).setUint32(24, baseStringOffset(base, 'pid'), true);
  const module = new Btf(blob, base);
  assert.equal(base.findByName('pid', 'struct'), undefined);
  assert.equal(module.findByName('pid', 'struct'), base.typeCount);
});

/** `struct driver { int pid; }` with the type and the member's name taken from the base. */
function splitModule(base: Btf): Btf {
  const own = new BtfBuilder();
  const int = base.findByName('int', 'int') ?? 0;
  own.struct('driver', 4, [{ name: '', type: int, bitOffset: 0, bitSize: 0 }]);
  const bytes = own.bytes();
  const view = new DataView(bytes.buffer);
  view.setUint32(24, view.getUint32(24, true) + base.stringBytes, true);
  view.setUint32(36, baseStringOffset(base, 'pid'), true);
  return new Btf(bytes, base);
}

function baseStringOffset(base: Btf, wanted: string): number {
  for (let offset = 1; offset < base.stringBytes; offset++) {
    if (base.stringAt(offset) === wanted) return offset;
  }
  throw new Error(`no string ${wanted}`);
}

const damaged: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array, RegExp])[] = [
  ['an empty file', () => new Uint8Array(), /shorter than its header/],
  ['another magic number', (bytes) => bytes.with(0, 0), /magic/],
  ['a version from the future', (bytes) => bytes.with(2, 9), /version 9/],
  [
    'a file cut in half',
    (bytes) => bytes.slice(0, bytes.length / 2),
    /at offset \d+ runs past the end/,
  ],
  ['a kind from the future', (bytes) => bytes.with(24 + 7, 31), /unknown kind 31 at offset 24$/],
  [
    'a type section cut inside a record',
    (bytes) => bytes.with(12, (bytes[12] ?? 0) - 4),
    /truncated/,
  ],
];

for (const [name, damage, message] of damaged) {
  test(`${name} is a BtfError`, () => {
    assert.throws(
      () => new Btf(damage(tinyBlob())),
      (error) => error instanceof BtfError && message.test(error.message),
    );
  });
}

test('an id or a string out of range is a BtfError', () => {
  const btf = tinyBtf();
  assert.throws(() => btf.typeById(btf.typeCount), BtfError);
  assert.throws(() => btf.stringAt(btf.stringBytes), BtfError);
});

test('types that refer to themselves end in a BtfError', () => {
  const builder = new BtfBuilder();
  builder.typedef('loop', 1);
  builder.array(2, 2, 2);
  const btf = new Btf(builder.bytes());
  assert.throws(() => sizeOf(btf, 1), BtfError);
  assert.throws(() => sizeOf(btf, 2), BtfError);
  assert.throws(() => cTypeName(btf, 2), BtfError);
});

test('no damaged blob crashes or hangs the reader', () => {
  const blob = tinyBlob();
  const edits = fc.array(fc.tuple(fc.nat(blob.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(edits, (changes) => {
      const bytes = Uint8Array.from(blob);
      for (const [at, value] of changes) bytes[at] = value;
      readEverything(bytes);
    }),
    { numRuns: 500 },
  );
});

function readEverything(bytes: Uint8Array): void {
  try {
    const btf = new Btf(bytes);
    for (let id = 0; id < btf.typeCount; id++) {
      attempt(() => cTypeName(btf, id));
      attempt(() => cDefinition(btf, id));
      attempt(() => sizeOf(btf, id));
      attempt(() => memberNames(btf, id));
    }
    btf.findByName('task', 'struct');
    for (const kind of ['struct', 'func'] as const) attempt(() => [...btf.namesOf(kind)]);
  } catch (error) {
    assert.ok(error instanceof BtfError, String(error));
  }
}

function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof BtfError, String(error));
  }
}
