/** The formatter: its style, that it keeps comments and meaning, and that twice is once. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { format } from '../../src/format/format.ts';
import { Source } from '../../src/source.ts';
import { parse } from '../../src/syntax/parse.ts';
import { printProgram } from '../../src/syntax/print.ts';

function formatted(text: string): string {
  const result = format(new Source('stdin', text));
  assert.ok(result.ok);
  return result.text;
}

/** The tree without positions; both arrows and dots name members. */
function meaning(text: string): string {
  const { program } = parse(new Source('stdin', text));
  assert.ok(program !== undefined, text);
  return printProgram(program).replaceAll('->', '.');
}

function checkKept(text: string): void {
  const once = formatted(text);
  assert.equal(meaning(once), meaning(text));
  assert.equal(formatted(once), once);
  const comments = (program: string): number => program.match(/\/\/|\/\*/g)?.length ?? 0;
  assert.equal(comments(once), comments(text));
}

const cases: readonly (readonly [string, string, string])[] = [
  [
    'attach points, predicate and braces stand on lines of their own',
    'kprobe:a,kprobe:b /pid==1/{@x=count();exit()}',
    'kprobe:a,\nkprobe:b\n/pid == 1/\n{\n  @x = count();\n  exit();\n}\n',
  ],
  [
    'what is nested in an operator is in parentheses unless it is simple',
    'begin { $a = 1+2*3 - -$b; $c = (uint64)$a->x; if($a==1&&$b<2) { } }',
    'begin\n{\n  $a = (1 + (2 * 3)) - (-$b);\n  $c = (uint64)$a.x;\n  if ($a == 1 && $b < 2) {}\n}\n',
  ],
  [
    'an if and its else go on in one line',
    'begin { if (pid) { exit() } else if tid { print(1) } else { print(2) } }',
    'begin\n{\n  if pid {\n    exit();\n  } else if tid {\n    print(1);\n  } else {\n    print(2);\n  }\n}\n',
  ],
  [
    'loops have their heads in bpftrace style',
    'begin { for ($i:0..5) { } for $k : @m { } while ($i<3) { $i++ } unroll(3) { } }',
    'begin\n{\n  for $i : 0..5 {}\n  for $k : @m {}\n  while ($i < 3) {\n    $i++;\n  }\n  unroll (3) {}\n}\n',
  ],
  [
    'literals stay as they are written',
    'interval:s:1 { $a = 0xff + 1_000u; $b = 5ms; print("\\x41\\t\\"") }',
    'interval:s:1\n{\n  $a = 0xff + 1_000u;\n  $b = 5ms;\n  print("A\\t\\"");\n}\n',
  ],
  [
    'comments and empty lines stay between what they were between',
    '// top\n\nbegin { // head\n  // one\n  print(1); // after\n\n\n  /* two */\n  print(2)\n  // last\n\n}\n// end\n',
    '// top\n\nbegin\n{\n  // head\n  // one\n  print(1); // after\n\n\n  /* two */\n  print(2);\n  // last\n}\n// end\n',
  ],
  [
    'a statement with a comment inside is left alone',
    'begin {\n printf("%d %d", 1, // one\n        2); }',
    'begin\n{\n  printf("%d %d", 1, // one\n        2);\n}\n',
  ],
  [
    'an attach point that looks like a comment is none',
    'uprobe:/bin/*:main{}',
    'uprobe:/bin/*:main\n{}\n',
  ],
  [
    'C, config, imports, map declarations, macros and functions keep their order',
    '#!/usr/bin/bpftrace\n#define A 1\nstruct x { int a; };\nconfig={max_strlen=10;}\nimport "a";\nlet @m=hash(5);\nmacro f($a,@b,c) { $a }\nfn g($a:int32):int64 { return $a; }',
    '#!/usr/bin/bpftrace\n#define A 1\nstruct x { int a; };\nconfig = {\n  max_strlen = 10;\n}\nimport "a";\nlet @m = hash(5);\nmacro f($a, @b, c)\n{\n  $a\n}\nfn g($a : int32) : int64\n{\n  return $a;\n}\n',
  ],
  [
    'a block expression is on lines of its own unless it is one value',
    'begin { let $a = { let $b = 1; $b }; $c = if pid { 1 } else { 2 }; }',
    'begin\n{\n  let $a = {\n    let $b = 1;\n    $b\n  };\n  $c = if pid { 1 } else { 2 };\n}\n',
  ],
];

for (const [name, text, expected] of cases) {
  test(name, () => {
    assert.equal(formatted(text), expected);
    checkKept(text);
  });
}

test('a call that is too long goes on below its first argument', () => {
  const name = 'a'.repeat(30);
  assert.equal(
    formatted(`begin { printf("%d %d %d %d %d %d %d", @${name}, @${name}, 1) }`),
    `begin\n{\n  printf("%d %d %d %d %d %d %d",\n         @${name}, @${name}, 1);\n}\n`,
  );
});

test('a chain that is too long breaks after its operators', () => {
  const name = 'a'.repeat(30);
  assert.equal(
    formatted(`begin / $${name} == 1 && $${name} == 2 && $${name} == 3 / { }`),
    `begin\n/$${name} == 1 &&\n $${name} == 2 && $${name} == 3/\n{}\n`,
  );
});

test('a program that does not parse is not formatted', () => {
  assert.equal(format(new Source('stdin', 'begin {')).ok, false);
});

const GOLDEN = new URL('../golden/', import.meta.url);
const programs = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.bt'),
);

test('golden programs keep their comments and their meaning', () => {
  const texts = programs.map((path) => readFileSync(new URL(path, GOLDEN), 'utf8'));
  // Some are there for their faults.
  const valid = texts.filter((text) => parse(new Source('stdin', text)).program !== undefined);
  assert.ok(valid.length > 10);
  for (const text of valid) checkKept(text);
});
