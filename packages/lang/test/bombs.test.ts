/** Programs made to grow beyond all measure: each ends in an answer, and what is refused says where. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compile } from '../src/compile.ts';
import { Source } from '../src/source.ts';
import { withTypes } from './targets/types.ts';

function each(count: number, write: (index: number) => string, between = ''): string {
  return Array.from({ length: count }, (_, index) => write(index)).join(between);
}

function nested(open: string, inner: string, close: string, depth: number): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}

const twice = (index: number): string => `struct s${index - 1} a, b;`;
const doubled = each(
  25,
  (index) => `struct s${index} { ${index > 0 ? twice(index) : 'int x;'} };\n`,
);
const calls = (count: number, times: number): string =>
  each(count, (index) => {
    const call = each(times, () => `f${index - 1}($x)`, '+');
    return `fn f${index}($x : int64) : int64 { return ${index > 0 ? call : '1'}; } `;
  });
const defines = each(30, (index) => `#define A${index} A${index + 1} + A${index + 1}\n`);
const tooDeep = /^syntax: nested more than 500 levels deep$/;

/** With the message of the first error, or without if the program compiles. */
const bombs: Readonly<Record<string, readonly [program: string, refused?: RegExp]>> = {
  'many variables': [`begin { ${each(5000, (index) => `$v${index} = ${index};`)} }`],
  'many unknown names': [
    `begin { ${each(3000, (index) => `nam${index};`)} }`,
    /^Unknown identifier: 'nam0'$/,
  ],
  'many unknown functions': [
    `begin { ${each(3000, (index) => `foobar${index}();`)} }`,
    /^Unknown function: 'foobar0'$/,
  ],
  'unknown names of great length': [
    `begin { ${each(50, (index) => `${'a'.repeat(10_000 + index)};`)} }`,
    /^Unknown identifier: 'a+'$/,
  ],
  'macros that call two': [
    `${each(30, (index) => `macro m${index}() { m${index + 1}(); m${index + 1}() } `)} macro m30() { 1 } begin { m0() }`,
    /^Macros expand to more than 200000 names, numbers and operators$/,
  ],
  'definitions of two': [
    `${defines}#define A30 1\nbegin { print(A0) }`,
    /^macro 'A\d+' expands to more than 100000 nodes$/,
  ],
  'definitions of two, in a condition': [
    `${defines}#define A30 1\n#if A0\n#endif\nbegin { }`,
    /^macro 'A\d+' expands to more than 100000 tokens$/,
  ],
  'calls of a definition in its argument': [
    `#define F(x) x x\nstruct s { int x[${nested('F(', '1', ')', 27)}]; };\nbegin { }`,
    /^macro 'F' expands to more than 100000 tokens$/,
  ],
  'structs of two': [`${doubled}begin { print(sizeof(struct s24)) }`],
  'structs of two, printed': [
    `${doubled}begin { print(*(struct s24 *)0) }`,
    /^struct s24 of more than 65536 values$/,
  ],
  'structs of two, kept': [
    `${doubled}begin { @ = *(struct s24 *)0 }`,
    /^@ with a struct of more than 65536 values$/,
  ],
  'a chain of maps, read before they are assigned': [
    `begin { ${each(500, (index) => `@m${index} = @m${index + 1};`)} @m500 = 1; }`,
  ],
  'a chain of functions': [
    `${calls(3000, 1)} begin { print(f2999(1)) }`,
    /^3000 loops and calls of functions inside each other, and the kernel allows 7$/,
  ],
  'functions that call two': [
    `${calls(40, 2)} begin { print(f39(1)) }`,
    /^40 loops and calls of functions inside each other, and the kernel allows 7$/,
  ],
  'functions that call fifty': [`${calls(7, 50)} begin { print(f6(1)) }`],
  'functions that call each other, deep in parentheses': [
    `fn f($x : int64) : int64 { return ${nested('(', '1', ')', 200)}; } fn g($x : int64) : int64 { return ${nested('(', 'f($x)', ')', 200)}; } begin { print(g(1)) }`,
  ],
  'a format of megabytes': [
    `begin { printf("${'%d '.repeat(1_000_000)}", 1) }`,
    /^not enough arguments for format string \(1 supplied, 1000000 expected\)$/,
  ],
  'a string of a megabyte': [
    `begin { print("${'\\x41'.repeat(1_000_000)}") }`,
    /^String is too long \(over 1024 bytes\): A+/,
  ],
  'an integer of a megabyte': [`begin { print(${'9'.repeat(1_000_000)}) }`, /^syntax: /],
  parentheses: [`begin { print(${nested('(', '1', ')', 100_000)}) }`, tooDeep],
  'parentheses without end': [`begin { ${'('.repeat(100_000)}`, tooDeep],
  blocks: [`begin { ${nested('{', '', '}', 100_000)} }`, tooDeep],
  'the start of typeof': [`begin { ${'typeof('.repeat(100_000)}`, tooDeep],
  casts: [`begin { print(${'(int64)'.repeat(100_000)}1) }`, tooDeep],
  'a chain of else if': [
    `begin { ${each(20_000, (index) => `if (pid == ${index}) { 1 }`, ' else ')} }`,
    tooDeep,
  ],
  'a chain of choices': [
    `begin { print(${each(20_000, (index) => `pid == ${index} ? ${index} : `)} 0) }`,
    tooDeep,
  ],
  'members of members': [`begin { print(curtask${'->parent'.repeat(100_000)}) }`, tooDeep],
  'structs inside of structs': [
    `${nested('struct a { ', 'int x;', '} b;', 10_000)}\nbegin { }`,
    /./,
  ],
  'many enumerators': [
    `enum e { ${each(50_000, (index) => `E${index}`, ',')} };\nbegin { print(E7) }`,
  ],
  'many probes': [
    each(20_000, () => 'begin { } '),
    /^Your program is trying to generate more than 1025 BPF programs, which exceeds the current limit of 1024$/,
  ],
  'a string that is to hold a gigabyte': [
    `begin { let $x : string[1000000000]; $x = comm; print($x) }`,
    /^\$x takes 1000000000 bytes, and the limit is 16777216$/,
  ],
  'conditions that never end': ['#if 1\n'.repeat(20_000), /^unterminated conditional directive$/],
  'a comment that never ends': [`begin { ${'/* '.repeat(100_000)}`, /^syntax: /],
  'NUL bytes': ['\0'.repeat(100_000), /^syntax: /],
};

suite('bombs', () => {
  for (const [what, [program, refused]] of Object.entries(bombs)) {
    test(what, { timeout: 120_000 }, () => {
      const source = new Source('stdin', program);
      const options = { parameters: [], environment: {}, unsafe: false };
      const { ok, diagnostics } = compile(source, withTypes, options);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      assert.equal(ok, refused === undefined, errors[0]?.message.slice(0, 200));
      if (refused !== undefined) assert.match(errors[0]?.message ?? '', refused);
      for (const { span } of errors) {
        assert.ok(span !== undefined && span.end <= program.length && span.start <= span.end);
      }
    });
  }
});
