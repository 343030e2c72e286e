/** Diagnostics as plain data. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnosticJson } from '../../src/diagnostics/render-json.ts';
import { Source, span } from '../../src/source.ts';

test('spans become positions that survive JSON', () => {
  const source = new Source('a.bt', 'x\nyy z');
  const json = diagnosticJson({
    code: 'some-code',
    severity: 'error',
    span: span(source, 2, 4),
    message: 'bad',
    labels: [{ span: span(source, 5, 6), message: 'here' }],
    hints: ['do this'],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(json)), {
    code: 'some-code',
    severity: 'error',
    message: 'bad',
    position: { source: 'a.bt', line: 2, column: 1, endLine: 2, endColumn: 3 },
    labels: [
      {
        message: 'here',
        position: { source: 'a.bt', line: 2, column: 4, endLine: 2, endColumn: 5 },
      },
    ],
    hints: ['do this'],
  });
});

test('what a diagnostic lacks, its data lacks', () => {
  assert.deepEqual(diagnosticJson({ code: 'c', severity: 'warning', message: 'm' }), {
    code: 'c',
    severity: 'warning',
    message: 'm',
  });
});
