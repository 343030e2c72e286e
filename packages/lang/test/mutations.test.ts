/** Whatever becomes of a program that is cut, spliced and sprinkled with words, the compiler says what is wrong, and where. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { compile } from '../src/compile.ts';
import { Source } from '../src/source.ts';
import { goldenCases, goldenSource } from './golden/golden.ts';
import { withKprobes } from './targets/targets.ts';

const CASES = fileURLToPath(new URL('../../../test/conformance/cases', import.meta.url));
const TOKENS = /\s+|[$@]?\w+|"(?:[^"\\]|\\.)*"|[^\s\w]/g;

function programsOf(file: string): readonly string[] {
  const text = readFileSync(join(CASES, file), 'utf8');
  return [...text.matchAll(/^PROG (.*)$/gm)].map(([, program = '']) => program);
}

const programs: readonly string[] = [
  ...goldenCases().map(({ directory }) => goldenSource(directory).text),
  ...readdirSync(CASES).flatMap(programsOf),
];

const words: readonly string[] = [
  ...'{ } ( ) [ ] , ; : / ? = == += ++ -> . .. & * - ! $x @ @m @m[1] $1 $# 0 1 -1 "a" "" true'.split(
    ' ',
  ),
  ...'0xffffffffffffffff 1e9 5ms begin interval:s:1 test:t kprobe:f if else for while unroll(3)'.split(
    ' ',
  ),
  ...'let comptime macro m(a) m($a) m(@a) import "stdlib/base.bt" fn return break continue'.split(
    ' ',
  ),
  ...'struct s union u enum e { int x; } (struct s*) (uint8*) (string[4]) (int32[2]) typedef'.split(
    ' ',
  ),
  ...'sizeof( offsetof( typeof( typeinfo( count() hist( print( printf( str( len( find( has_key('.split(
    ' ',
  ),
  ...'$1 config={max_strlen=8} curtask args arg0 retval kstack ustack comm pid nsecs'.split(' '),
  ...'#define\nF(x) #define\nA\nA\n #if\n1\n #endif\n #include <x.h>\n'.split(' '),
];

/** One edit of a list of tokens; positions wrap around. */
type Edit = (tokens: readonly string[]) => readonly string[];

const position = fc.nat(400);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(position, fc.nat(6)).map(([from, count]): Edit => (tokens) => {
    const at = from % (tokens.length + 1);
    return tokens.toSpliced(at, count);
  }),
  fc.tuple(position, fc.constantFrom(...words)).map(([from, word]): Edit => (tokens) => {
    const at = from % (tokens.length + 1);
    return tokens.toSpliced(at, 0, ' ', word, ' ');
  }),
  fc.tuple(position, fc.constantFrom(...words)).map(([from, word]): Edit => (tokens) => {
    const at = from % (tokens.length + 1);
    return tokens.toSpliced(at, 1, word);
  }),
  fc.tuple(position, position, fc.nat(20)).map(([from, to, count]): Edit => (tokens) => {
    const start = from % (tokens.length + 1);
    const copied = tokens.slice(start, start + count);
    return tokens.toSpliced(to % (tokens.length + 1), 0, ...copied);
  }),
  fc
    .tuple(position, position, fc.nat(20), fc.constantFrom(...programs))
    .map(([from, to, count, other]): Edit => (tokens) => {
      const others = other.match(TOKENS) ?? [];
      const start = from % (others.length + 1);
      return tokens.toSpliced(to % (tokens.length + 1), 0, ...others.slice(start, start + count));
    }),
);

const mutated = fc
  .tuple(fc.constantFrom(...programs), fc.array(edit, { minLength: 1, maxLength: 4 }))
  .map(([program, edits]) => {
    let tokens: readonly string[] = program.match(TOKENS) ?? [];
    for (const change of edits) tokens = change(tokens);
    return tokens.join('');
  });

function assertAnswered(text: string): void {
  const source = new Source('stdin', text);
  const result = compile(source, withKprobes, {
    parameters: ['7', 'word'],
    environment: {},
    unsafe: true,
  });
  const failed = result.diagnostics.some(({ severity }) => severity === 'error');
  assert.equal(failed, !result.ok);
  for (const { severity, span, message } of result.diagnostics) {
    assert.ok(message !== '');
    if (span === undefined) {
      assert.equal(severity, 'warning', message);
      continue;
    }
    assert.ok(0 <= span.start && span.start <= span.end, text);
    assert.ok(span.end <= span.source.text.length, text);
  }
}

test('a mutated program compiles or is refused, with positions inside the text', () => {
  fc.assert(fc.property(mutated, assertAnswered), {
    numRuns: Number(process.env['MUTATIONS'] ?? 300),
  });
});

test('programs of arbitrary text are answered', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const around = fc.constantFrom(
    (inner: string) => `begin { ${inner} }`,
    (inner: string) => `macro m(a) { ${inner} } begin { m(1) }`,
    (inner: string) => `struct s { ${inner} }; begin { print(sizeof(struct s)) }`,
    (inner: string) => `#define A ${inner}\nbegin { print(A) }`,
    (inner: string) => `begin { printf("${inner}", 1) }`,
    (inner: string) => `import "${inner}"; begin { }`,
    (inner: string) => `begin { if comptime (${inner}) { } }`,
  );
  fc.assert(
    fc.property(around, text, (wrap, inner) => {
      assertAnswered(wrap(inner));
    }),
    { numRuns: 300 },
  );
});
