/** Suites as people write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSuite, SuiteError } from './parse-suite.ts';

test('a block of directives is one case, and comments belong to none', () => {
  const cases = parseSuite(
    `# about the suite
NAME first
PROG begin { exit() }
# about the time
TIMEOUT 1
EXPECT a

NAME second
RUN {{BPFTRACE}} --version
EXPECT_REGEX_NONE ^b
REQUIRES_FEATURE btf !iter
ENV A=1 B=x=y
BEFORE ./testprogs/one
BEFORE ./testprogs/two
ARCH x86_64|aarch64
WILL_FAIL
`,
    'own',
  );
  assert.deepEqual(
    cases.map(({ suite, name, timeoutSeconds }) => [suite, name, timeoutSeconds]),
    [
      ['own', 'first', 1],
      ['own', 'second', 5],
    ],
  );
  const [, second] = cases;
  assert.deepEqual(second?.command, { kind: 'shell', line: '{{BPFTRACE}} --version' });
  assert.deepEqual(second.expectations, [{ kind: 'regex', pattern: '^b', wanted: false }]);
  assert.deepEqual(second.features, [
    { name: 'btf', wanted: true },
    { name: 'iter', wanted: false },
  ]);
  assert.deepEqual(second.environment, { A: '1', B: 'x=y' });
  assert.deepEqual(second.befores, ['./testprogs/one', './testprogs/two']);
  assert.deepEqual(second.architectures, ['x86_64', 'aarch64']);
  assert.equal(second.willFail, true);
});

test('lines indented past a directive continue it, with deeper indentation kept', () => {
  const [only] = parseSuite(
    `NAME lines
PROG begin {
       exit()
     }
EXPECT one
         two
`,
    'own',
  );
  assert.deepEqual(only?.command, { kind: 'program', text: 'begin {\n  exit()\n}' });
  assert.deepEqual(only.expectations, [{ kind: 'text', text: 'one\n  two', wanted: true }]);
});

for (const [what, text] of [
  ['a case without a name', 'PROG begin { }\nEXPECT a\n'],
  ['a case that runs nothing', 'NAME a\nEXPECT a\n'],
  ['a case that runs two things', 'NAME a\nPROG begin { }\nRUN true\nEXPECT a\n'],
  ['a case that expects nothing', 'NAME a\nPROG begin { }\n'],
  ['a case that expects a file and more', 'NAME a\nRUN true\nEXPECT_FILE f\nEXPECT a\n'],
  ['an unknown directive', 'NAME a\nRUN true\nEXPECTS a\n'],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(() => parseSuite(text, 'own'), SuiteError);
  });
}

test('a case that expects only an exit code expects something', () => {
  const [only] = parseSuite('NAME a\nRUN exit 3\nRETURN_CODE 3\n', 'own');
  assert.equal(only?.returnCode, 3);
});
