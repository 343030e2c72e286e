/** Layouts; sizes and alignments are those that gcc gives the same definitions on x86_64. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { defined, fieldsOf, measured } from './defined.ts';

const CASES: readonly (readonly [string, string, number, number])[] = [
  ['padding', 'struct x { char c; int i; char d; long l; }', 24, 8],
  ['bits that share a unit', 'struct x { unsigned a:3, b:7, :0, d:1; }', 8, 4],
  ['bits that do not fit a unit', 'struct x { char a; int b:20; int d:20; short e; }', 12, 4],
  ['bits of longs', 'struct x { long a:40; long b:30; char c:4; }', 16, 8],
  ['packed bits', 'struct x { char c; int x:3; char y:7; } __attribute__((packed))', 3, 1],
  [
    'structs in structs',
    'struct a { char c; int i; char d; long l; } struct x { char c; struct a in; union { short s; char t[3]; }; }',
    40,
    8,
  ],
  ['an aligned struct', 'struct x { char c; } __attribute__((aligned(32)))', 32, 32],
  ['an aligned member', 'struct x { char c; int i __attribute__((aligned(16))); char e; }', 32, 16],
  ['a packed member', 'struct x { char c; long l __attribute__((packed)); int x; }', 16, 4],
  ['bits without a name', 'struct x { int :5; char c; }', 2, 1],
  ['no bits', 'struct x { char c; int :0; char d; }', 5, 1],
  ['a union', 'union x { char c[5]; short s; }', 6, 2],
  [
    'pragma pack',
    '#pragma pack(push, 2)\nstruct x { char c; int i; long l; int b:5; int q:30; }\n#pragma pack(pop)',
    20,
    2,
  ],
  ['a flexible array', 'struct x { char c; int x[]; }', 4, 4],
  [
    'types of all sizes',
    'enum s { P, Q = -1 } enum big { R = 1ULL << 40 } struct x { enum s s; enum big b; _Bool q; long double d; __int128 w; char e; }',
    80,
    16,
  ],
  [
    'bits of chars',
    'struct x { unsigned char a:4, b:4; unsigned short c:9; unsigned d:25; }',
    8,
    4,
  ],
  ['a bit of a long long', 'struct x { char a; long long b:1; }', 8, 8],
  ['bits around a struct', 'struct x { int a:1; struct { int b:1; }; int c:1; }', 12, 4],
  [
    'function pointers',
    'struct x { void (*f)(int, char *); int (*g[3])(void); char m[2][8]; }',
    48,
    8,
  ],
  ['words in any order', 'struct x { long unsigned int a; short int b; char signed c; }', 16, 8],
  ['the most that is needed', 'struct x { char c; } __attribute__((__aligned__))', 16, 16],
  ['_Alignas', 'struct x { char a; _Alignas(8) char b; }', 16, 8],
];

suite('sizes and alignments', () => {
  for (const [name, text, size, align] of CASES) {
    test(name, () => {
      const types = defined(text);
      const kind = text.startsWith('union') ? 'union x' : 'struct x';
      assert.deepEqual(measured(types, kind), [size, align]);
    });
  }

  test('bits without a name align the struct on arm64', () => {
    const types = defined('struct x { int :5; char c; }', { arch: 'arm64' });
    assert.deepEqual(measured(types, 'struct x'), [4, 4]);
  });
});

suite('fields', () => {
  test('are where they are, with those of anonymous members among them', () => {
    const types = defined(`
struct in { int q; };
struct x { char *s; const struct in *p; struct in v; struct { short a; union { int b; char c; }; }; char t[8]; struct x *next; bool f; }
`);
    assert.deepEqual(fieldsOf(types, 'struct x'), [
      '0 s: int8 *',
      '8 p: struct in *',
      '16 v: struct in',
      '20 a: int16',
      '24 b: int32',
      '24 c: int8',
      '28 t: string[8]',
      '40 next: struct x *',
      '48 f: bool',
    ]);
  });

  test('of bits are within a unit of their type', () => {
    const types = defined('struct x { unsigned a:3, b:7; unsigned long c:1; int d:31; }');
    assert.deepEqual(fieldsOf(types, 'struct x'), [
      '0 a: uint32 bits 0+3',
      '0 b: uint32 bits 3+7',
      '0 c: uint64 bits 10+1',
      '4 d: int32 bits 0+31',
    ]);
  });

  test('marked __user point into user space', () => {
    const types = defined('struct x { char __user *a; struct { int z; } __user *b; int c; }');
    const type = types.named('struct x', 'kernel');
    assert.ok(type?.kind === 'struct');
    const spaces = type.struct.fields.map((field) => 'space' in field.type && field.type.space);
    assert.deepEqual(spaces, ['user', 'user', false]);
  });

  test('char is unsigned on arm64', () => {
    const types = defined('struct x { char c; signed char s; }', { arch: 'arm64' });
    assert.deepEqual(fieldsOf(types, 'struct x'), ['0 c: uint8', '1 s: int8']);
  });
});
