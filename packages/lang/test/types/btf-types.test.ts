/** Types of C from a BTF image: found by name, completed lazily, the program's own before the image's. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Btf, BtfBuilder } from '@bpfleet/bpf/btf';
import { BtfTypes } from '../../src/types/btf-types.ts';
import { layered } from '../../src/types/c-types.ts';
import type { CTypes } from '../../src/types/c-types.ts';
import { printType } from '../../src/types/print-type.ts';
import type { Struct, Type } from '../../src/types/type.ts';

function image(build: (builder: BtfBuilder) => void): Btf {
  const builder = new BtfBuilder();
  build(builder);
  return new Btf(builder.bytes());
}

/** `struct list { struct list *next; char name[8]; union { int a; unsigned b:3, c:5; }; }` and others. */
const btf = image((b) => {
  const int = b.int('int', 4, true);
  const unsigned = b.int('unsigned int', 4, false);
  const char = b.int('char', 1, true);
  const text = b.array(char, int, 8);
  const union = b.union('', 4, [
    { name: 'a', type: int, bitOffset: 0, bitSize: 0 },
    { name: 'b', type: unsigned, bitOffset: 0, bitSize: 3 },
    { name: 'c', type: unsigned, bitOffset: 3, bitSize: 5 },
  ]);
  // The pointer's own id is the next but one: the struct follows it.
  const next = b.pointer(union + 2);
  b.struct('list', 20, [
    { name: 'next', type: next, bitOffset: 0, bitSize: 0 },
    { name: 'name', type: text, bitOffset: 64, bitSize: 0 },
    { name: '', type: union, bitOffset: 128, bitSize: 0 },
  ]);
  b.typedef('count_type', b.const(unsigned));
  b.enum('colour', [
    { name: 'RED', value: 0 },
    { name: 'BLUE', value: -2 },
  ]);
});

function typesOf(program?: CTypes): CTypes {
  const own: CTypes = new BtfTypes(btf, (name, space) => all.named(name, space));
  const all = program === undefined ? own : layered([program, own]);
  return all;
}

function struct(type: Type | undefined): Struct {
  assert.ok(type?.kind === 'struct');
  return type.struct;
}

suite('BtfTypes', () => {
  test('finds structs, enums, typedefs and base types by name', () => {
    const types = typesOf();
    const names = ['struct list', 'enum colour', 'count_type', 'int', 'struct nothing', 'list'];
    assert.deepEqual(
      names.map((name) => types.named(name, 'kernel')).map((type) => type && printType(type)),
      ['struct list', 'enum colour', 'uint32', 'int32', undefined, undefined],
    );
  });

  test('lists members, those of anonymous ones among them, with their bits', () => {
    const fields = struct(typesOf().named('struct list', 'kernel')).fields;
    assert.deepEqual(
      fields.map(({ name, offset, type, bitfield }) => [name, offset, printType(type), bitfield]),
      [
        ['next', 0, 'struct list *', undefined],
        ['name', 8, 'string[8]', undefined],
        ['a', 16, 'int32', undefined],
        ['b', 16, 'uint32', { shift: 0, width: 3 }],
        ['c', 16, 'uint32', { shift: 3, width: 5 }],
      ],
    );
  });

  test('follows pointers in the space it was asked for', () => {
    const [next] = struct(typesOf().named('struct list', 'user')).fields;
    assert.ok(next?.type.kind === 'pointer');
    assert.equal(next.type.space, 'user');
    assert.equal(struct(next.type.target).fields.length, 5);
  });

  test('prefers what the program defines, behind pointers as well', () => {
    const program: CTypes = {
      named: (name, space) =>
        name === 'struct list'
          ? { kind: 'struct', struct: { name, size: 3, fields: [] }, space }
          : undefined,
      constant: () => undefined,
      names: () => [],
    };
    const own = new BtfTypes(btf, (name, space) => program.named(name, space));
    const [next] = struct(own.named('struct list', 'kernel')).fields;
    assert.ok(next?.type.kind === 'pointer');
    assert.equal(struct(next.type.target).size, 3);
    assert.equal(struct(typesOf(program).named('struct list', 'kernel')).size, 3);
  });

  test('gives enumerators their value and their enum', () => {
    const types = typesOf();
    assert.equal(types.constant('BLUE')?.value, -2n);
    assert.equal(types.constant('BLUE')?.type?.name, 'colour');
    assert.equal(types.constant('GREEN'), undefined);
  });

  test('names all that it has', () => {
    assert.deepEqual([...typesOf().names()].toSorted(), [
      'char',
      'count_type',
      'enum colour',
      'int',
      'struct list',
      'unsigned int',
    ]);
  });
});
