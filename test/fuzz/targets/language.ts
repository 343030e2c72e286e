/** Programs, from whoever may run one: the whole compiler against a saved target. And the smaller languages beside. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DefinitionFault,
  parseJoin,
  parseReference,
  parseSchema,
  parseSpan,
  schemaJson,
} from '@bpfleet/protocol';
import {
  check,
  compile,
  compileStages,
  diagnosticJson,
  format,
  loadProgram,
  parse,
  printProgram,
  renderDiagnostics,
  requirements,
  Source,
  type Diagnostic,
} from '@bpfleet/lang';
import {
  parseRetention,
  RetentionError,
} from '../../../packages/coordinator/src/store/retention.ts';
import { goldenCases, goldenSource } from '../../../packages/lang/test/golden/golden.ts';
import { withTypes } from '../../../packages/lang/test/targets/types.ts';
import { bytesOf, textOf, type FuzzTarget } from '../target.ts';
import { WORDS } from './words.ts';

const CASES = join(import.meta.dirname, '../../conformance/cases');
const OPTIONS = { parameters: ['7', 'word'], environment: {}, unsafe: true };

function programs(): readonly Uint8Array[] {
  const cases = readdirSync(CASES).flatMap((file) => {
    const text = readFileSync(join(CASES, file), 'utf8');
    return [...text.matchAll(/^PROG (.*)$/gm)].map(([, program = '']) => program);
  });
  const golden = goldenCases().map(({ directory }) => goldenSource(directory).text);
  return bytesOf(...golden, ...cases);
}

function assertPlaced(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    const { severity, span, message } = diagnostic;
    assert.ok(message !== '');
    diagnosticJson(diagnostic);
    if (span === undefined) assert.equal(severity, 'warning', message);
    else
      assert.ok(0 <= span.start && span.start <= span.end && span.end <= span.source.text.length);
  }
  renderDiagnostics(diagnostics);
}

function compileProgram(input: Uint8Array): void {
  const source = new Source('stdin', textOf(input));
  const result = compile(source, withTypes, OPTIONS);
  assert.equal(
    result.diagnostics.some(({ severity }) => severity === 'error'),
    !result.ok,
  );
  assertPlaced(result.diagnostics);
  if (result.ok) {
    compileStages(result, ['all']);
    // What agents and coordinators would refuse must not come out of our own compiler.
    assert.ok(parseSchema(schemaJson(result.spec.schema)) !== undefined);
  }
}

function parseProgram(input: Uint8Array): void {
  const source = new Source('stdin', textOf(input));
  const parsed = parse(source);
  assertPlaced(parsed.diagnostics);
  if (parsed.program !== undefined) printProgram(parsed.program);
  const { program, diagnostics } = loadProgram(source);
  assertPlaced(diagnostics);
  if (program !== undefined) requirements(program, { ...OPTIONS, hasPid: false });
  assertPlaced(check(source).diagnostics);
  const formatted = format(source);
  if (!formatted.ok) assertPlaced(formatted.diagnostics);
}

function small(
  name: string,
  seeds: readonly string[],
  read: (text: string) => unknown,
  refusals: FuzzTarget['refusals'] = [],
): FuzzTarget {
  const run = (input: Uint8Array): void => void read(textOf(input));
  return { name, seeds: () => bytesOf(...seeds), mutate: 'text', run, refusals };
}

export const LANGUAGE: readonly FuzzTarget[] = [
  {
    name: 'parser',
    seeds: programs,
    mutate: 'text',
    words: WORDS,
    run: parseProgram,
    testRuns: 300,
  },
  {
    name: 'compiler',
    seeds: programs,
    mutate: 'text',
    words: WORDS,
    run: compileProgram,
    testRuns: 150,
  },
  small(
    'spans',
    [
      'read: enter=tracepoint:syscalls:sys_enter_read/fd=3 && comm!="a b"/ exit=kretprobe:vfs_* by pid,fd',
      'x: enter=uprobe:/bin/sh:f/a==0x10/ exit=uretprobe:/bin/sh:f by (tid)',
    ],
    (text) => parseSpan(text),
    [DefinitionFault],
  ),
  small(
    'joins',
    ['client.key = server.key within 5ms', 'a:b:c.(src, port) == "x".(src,port) within 1.5s'],
    (text) => parseJoin(text),
    [DefinitionFault],
  ),
  small('event-references', ['web-1/1700000000000/17/3'], parseReference),
  small('retention', ['30d,events=7d, map_points_1s=48h'], parseRetention, [RetentionError]),
];
