/** Whatever becomes of a program that is cut, spliced and sprinkled with words, the compiler says what is wrong, and where. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { generatedRuns, generatedSeed } from '../../../test/support/generated-runs.ts';
import { check } from '../src/analysis/check.ts';
import { compile } from '../src/compile.ts';
import { compileStages } from '../src/compile-stages.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../src/diagnostics/render.ts';
import { diagnosticJson } from '../src/diagnostics/render-json.ts';
import { format } from '../src/format/format.ts';
import { loadProgram } from '../src/load-program.ts';
import { requirements } from '../src/requirements.ts';
import { Source } from '../src/source.ts';
import { BASE } from '../src/stdlib/base.ts';
import { META } from '../src/stdlib/meta.ts';
import { POINTER } from '../src/stdlib/pointer.ts';
import { STRINGS } from '../src/stdlib/strings.ts';
import { TASK } from '../src/stdlib/task.ts';
import { goldenCases, goldenSource } from './golden/golden.ts';
import { withTypes } from './targets/types.ts';

const CASES = fileURLToPath(new URL('../../../test/conformance/cases', import.meta.url));
const HEADERS = fileURLToPath(new URL('../../../test/support/programs', import.meta.url));
const TOKENS = /\s+|[$@]?\w+|"(?:[^"\\]|\\.)*"|[^\s\w]/g;

function programsOf(file: string): readonly string[] {
  const text = readFileSync(join(CASES, file), 'utf8');
  return [...text.matchAll(/^PROG (.*)$/gm)].map(([, program = '']) => program);
}

/** Without functions, which the language's C does not have. */
function headerOf(file: string): string {
  const text = readFileSync(join(HEADERS, file), 'utf8');
  const definitions = text.match(/^(?:#.*|(?:struct|union|enum|typedef)\b[^}]*\}?[^;]*;)$/gm) ?? [];
  return definitions.join('\n');
}

const HEADER = `#define F(a, b...) a ## _b #b
#if defined(A) && (1 ? 2 : 'x') >= 0x1fUL << 2
typedef struct { unsigned a : 3, : 0, b : 1; union { long x[2][3]; char *(*p)(int); }; } t __attribute__((packed, aligned(8)));
#elif __has_include(<x.h>)
#undef A
#else
#include <linux/fs.h>
enum e { A = 1, B = A << 3, C = sizeof(struct task_struct) };
#endif
struct s { const volatile t *next; enum e e; struct s *self; int tail[]; };
`;

const USE = '\nbegin { print(sizeof(struct s)); print(((struct s *)0)->self); print(A); }';

const headers: readonly string[] = [HEADER, ...readdirSync(HEADERS).map(headerOf)].map(
  (header) => header + USE,
);

const programs: readonly string[] = [
  ...goldenCases().map(({ directory }) => goldenSource(directory).text),
  ...readdirSync(CASES).flatMap(programsOf),
  ...[BASE, META, POINTER, STRINGS, TASK].map((text) => `${text}\nbegin { print(1) }`),
  ...headers,
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

/** The same at the level of characters, where tokens begin and end. */
const scratched = fc
  .tuple(
    fc.constantFrom(...programs, ...headers, ...headers),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 })), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([program, edits]) => {
    let text = program;
    for (const [position, removed, added] of edits) {
      const at = position % (text.length + 1);
      text = text.slice(0, at) + added + text.slice(at + removed);
    }
    return text;
  });

const OPTIONS = { parameters: ['7', 'word'], environment: {}, unsafe: true };

function assertPlaced(diagnostics: readonly Diagnostic[], text: string): void {
  for (const diagnostic of diagnostics) {
    const { severity, span, message } = diagnostic;
    assert.ok(message !== '');
    diagnosticJson(diagnostic);
    if (span === undefined) {
      assert.equal(severity, 'warning', message);
      continue;
    }
    assert.ok(0 <= span.start && span.start <= span.end, text);
    assert.ok(span.end <= span.source.text.length, text);
  }
  renderDiagnostics(diagnostics);
}

function assertAnswered(text: string): void {
  const source = new Source('stdin', text);
  const result = compile(source, withTypes, OPTIONS);
  const failed = result.diagnostics.some(({ severity }) => severity === 'error');
  assert.equal(failed, !result.ok);
  assertPlaced(result.diagnostics, text);
  if (result.ok) compileStages(result, ['all']);
  const { program, diagnostics } = loadProgram(source);
  assertPlaced(diagnostics, text);
  if (program !== undefined) requirements(program, { ...OPTIONS, hasPid: false });
  assertPlaced(check(source).diagnostics, text);
  const formatted = format(source);
  if (!formatted.ok) assertPlaced(formatted.diagnostics, text);
}

const runs = (usual: number): { numRuns: number; seed: number } => ({
  numRuns: generatedRuns(usual),
  seed: generatedSeed(),
});

test('a mutated program compiles or is refused, with positions inside the text', () => {
  fc.assert(fc.property(mutated, assertAnswered), runs(300));
});

test('so is a program with scratches', () => {
  fc.assert(fc.property(scratched, assertAnswered), runs(300));
});

test('programs of arbitrary text are answered', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const around = fc.constantFrom(
    (inner: string) => inner,
    (inner: string) => `${inner} { exit() }`,
    (inner: string) => `begin { ${inner} }`,
    (inner: string) => `macro m(a) { ${inner} } begin { m(1) }`,
    (inner: string) => `struct s { ${inner} }; begin { print(sizeof(struct s)) }`,
    (inner: string) => `#define A ${inner}\nbegin { print(A) }`,
    (inner: string) => `#if ${inner}\n#endif\nbegin { print(1) }`,
    (inner: string) => `begin { print("${inner}") }`,
    (inner: string) => `import "${inner}"; begin { }`,
    (inner: string) => `begin { if comptime (${inner}) { } }`,
    (inner: string) => `config = { ${inner} } begin { }`,
    (inner: string) => `begin { let $x : ${inner}; }`,
  );
  fc.assert(
    fc.property(around, text, (wrap, inner) => {
      assertAnswered(wrap(inner));
    }),
    runs(300),
  );
});

test('formats of arbitrary text are answered', () => {
  const piece = fc.oneof(
    fc.constantFrom('%', '%%', '%d', '%-5s', '%*d', '%.*s', '%lld', '%rh', '%gr', '%n', '%5', '\\'),
    fc.constantFrom('%c', '%p', '%#x', '%+d', '% u', '%05x', '%zu', '%hhd', '%r', '%E', '%H:%M'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const call = fc.constantFrom(
    (inner: string) => `printf("${inner}", pid, comm, nsecs)`,
    (inner: string) => `errorf("${inner}", buf("ab", 2))`,
    (inner: string) => `debugf("${inner}", pid)`,
    (inner: string) => `system("${inner}", comm)`,
    (inner: string) => `cat("${inner}", pid)`,
    (inner: string) => `time("${inner}")`,
    (inner: string) => `print(strftime("${inner}", nsecs))`,
    (inner: string) => `print(getopt("${inner}", "${inner}", "${inner}"))`,
  );
  fc.assert(
    fc.property(call, fc.array(piece, { maxLength: 6 }), (write, pieces) => {
      assertAnswered(`begin { ${write(pieces.join(''))} }`);
    }),
    runs(300),
  );
});
