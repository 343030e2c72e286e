/** Definitions and what they refer to: one another, the types of the machine, and constants. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { CTypes } from '../../src/types/c-types.ts';
import { printType } from '../../src/types/print-type.ts';
import { INT32, UINT64 } from '../../src/types/scalars.ts';
import { assertSquiggles } from '../diagnostics/squiggle.ts';
import { defined, defineFrom, fieldsOf, measured } from './defined.ts';

/** A machine that knows one struct, one typedef and one constant. */
const MACHINE: CTypes = {
  named: (name, space) => {
    if (name === 'cookie_t') return UINT64;
    if (name !== 'struct page') return undefined;
    const fields = [{ name: 'flags', offset: 0, type: INT32 }];
    return { kind: 'struct', struct: { name, size: 64, align: 16, fields }, space };
  },
  constant: (name) => (name === 'LIMIT' ? { value: 3n } : undefined),
  names: () => ['struct page', 'cookie_t'],
};

suite('types of the machine', () => {
  test('are members, and behind pointers', () => {
    const types = defined(
      'struct x { cookie_t c; struct page p; struct page *q; int n[LIMIT]; struct none *r; }',
      { below: MACHINE },
    );
    assert.deepEqual(measured(types, 'struct x'), [112, 16]);
    assert.deepEqual(fieldsOf(types, 'struct x').slice(1), [
      '16 p: struct page',
      '80 q: struct page *',
      '88 n: int32[3]',
      '104 r: struct none *',
    ]);
  });

  test('give way to those of the program', () => {
    const types = defined('struct page { char c; }; struct x { struct page p; char d; }', {
      below: MACHINE,
    });
    assert.deepEqual(measured(types, 'struct page'), [1, 1]);
    assert.deepEqual(fieldsOf(types, 'struct x'), ['0 p: struct page', '1 d: int8']);
  });

  test('common typedefs are known without any', () => {
    const types = defined('struct x { uint8_t a; size_t b; pid_t c; __be16 d; u64 e; }');
    assert.deepEqual(
      fieldsOf(types, 'struct x').map((field) => field.split(': ')[1]),
      ['uint8', 'uint64', 'int32', 'uint16', 'uint64'],
    );
  });
});

suite('enums', () => {
  test('count on from the last value', () => {
    const types = defined(
      'enum e { A = -2, B, C = 1 << 4, D, E = C | 3, F = (int)(sizeof(long) * 2) };',
    );
    const values = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => types.constant(name)?.value);
    assert.deepEqual(values, [-2n, -1n, 16n, 17n, 19n, 16n]);
    const type = types.named('enum e', 'kernel');
    assert.ok(type?.kind === 'enum');
    assert.equal(type.signed, true);
    assert.equal(type.variants['16'], 'F');
  });

  test('without a name keep their variants', () => {
    const types = defined('enum { ONE = 1, TWO };');
    const { value, type } = types.constant('TWO') ?? {};
    assert.equal(value, 2n);
    assert.deepEqual(type?.variants, { 1: 'ONE', 2: 'TWO' });
    assert.equal(types.named(`enum ${type?.name}`, 'kernel'), type);
  });

  test('are as wide as their values', () => {
    const types = defined('enum a { A = 0x100000000 } enum b { B = 1 } __attribute__((packed)) ');
    const sizes = ['a', 'b'].map((name) => measured(types, `enum ${name}`)[0]);
    assert.deepEqual(sizes, [8, 1]);
  });
});

test('headers have more than definitions', () => {
  const text = `
#pragma once
typedef unsigned int id_type, *id_pointer;
typedef struct { id_type a; } pair_t;
typedef int (*handler_t)(struct x *, int);
extern int counter; static const char *const names[] = { "a", "b;" };
static inline int twice(int x) { if (x) { return x * 2; } return 0; }
int declared(const char *restrict format, ...) __attribute__((format(printf, 1, 2))) __asm__("other");
_Static_assert(sizeof(int) == 4, "int");
enum small : unsigned short { SMALL };
struct forward; struct x { pair_t p; handler_t h; id_pointer i; struct forward *f; };
`;
  const types = defined('#include "x.h"', {
    files: { 'x.h': { kind: 'text', text, worldWritable: false } },
  });
  assert.deepEqual(fieldsOf(types, 'struct x').slice(1), [
    '8 h: void *',
    '16 i: uint32 *',
    '24 f: struct forward *',
  ]);
  assert.deepEqual(measured(types, 'enum small'), [2, 2]);
  const pair = types.named('pair_t', 'user');
  assert.ok(pair?.kind === 'struct');
  assert.deepEqual(
    pair.struct.fields.map(({ name, type }) => `${name} ${printType(type)}`),
    ['a uint32'],
  );
});

suite('reports', () => {
  const check = (picture: string): void =>
    assertSquiggles(picture, (source) => defineFrom(source).diagnostics);

  test('a definition made twice', () => {
    check(`
struct a { int x; }; struct a { int x; };
                            ~ redefinition of 'a'
`);
    check(`
enum e { A }; enum e { B };
                   ~ redefinition of 'e'
`);
  });

  test('names of types that nobody knows', () => {
    check(`
struct x { pthread_mutex_t lock; mystery *m; };
           ~~~~~~~~~~~~~~~ unknown type name 'pthread_mutex_t'
`);
    check(`
struct x { int a; mystery *m; };
                  ~~~~~~~ unknown type name 'mystery'
`);
  });

  test('members that are not defined yet, or never', () => {
    check(`
struct x { struct y y; };
                    ~ field has incomplete type 'struct y'
struct z { int a; struct z z; };
                           ~ field has incomplete type 'struct z'
`);
  });

  test('layouts that cannot be', () => {
    check(`
struct a { int x:40; };
               ~ width of bit-field 'x' (40 bits) exceeds the width of its type (32 bits)
struct b { int y[-1]; };
                ~ array with a negative size
struct c { int f(void); };
               ~ field declared as a function
struct d { int g; } __attribute__((aligned(3)));
       ~ requested alignment is not a power of 2
struct e { int x:0; };
               ~ named bit-field 'x' has zero width
`);
  });

  test('what is no C', () => {
    check(`
struct a { int x y; };
                 ~ expected ';' at end of declaration list
struct b { int 5; };
               ~ expected member name
enum c { 1 };
         ~ expected identifier
enum d { D = NONE };
             ~~~~ use of undeclared identifier 'NONE'
enum e { E = 1 / 0 };
               ~ division by zero
enum f { F = 08 };
             ~~ invalid integer constant '08'
`);
  });
});
