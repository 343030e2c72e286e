/** The text form of diagnostics is bpftrace's, to the byte. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { renderDiagnostics, renderPosition } from '../../src/diagnostics/render.ts';
import { Source, span } from '../../src/source.ts';

function at(text: string, part: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(part);
  const where = span(new Source('stdin', text), start, start + part.length);
  return { code: 'test', severity: 'error', span: where, message: 'bad', ...more };
}

suite('rendering', () => {
  test('marks the span below its line', () => {
    assert.equal(
      renderDiagnostics([at('BEGIN {\n  foo(1);\n}', 'foo(1)')]),
      'stdin:2:3-9: ERROR: bad\n  foo(1);\n  ~~~~~~\n',
    );
  });

  test('shows tabs as four blanks, in the line and in the mark', () => {
    assert.equal(
      renderDiagnostics([at('\ta\tb', 'a\tb')]),
      'stdin:1:2-5: ERROR: bad\n    a    b\n    ~~~~~~\n',
    );
  });

  test('shows a span over several lines without a mark', () => {
    assert.equal(
      renderDiagnostics([at('a {\n\tb\n}\n', '{\n\tb\n}')]),
      'stdin:1-3: ERROR: bad\na {\n\tb\n}\n',
    );
  });

  test('columns count bytes, and marks stand where terminals draw the fault', () => {
    assert.equal(
      renderDiagnostics([at('"日é👍e\u0301" x "é"', 'x "é"')]),
      'stdin:1:16-22: ERROR: bad\n"日é👍e\u0301" x "é"\n         ~~~~~\n',
    );
  });

  test('what would act on a terminal is made visible, in the message as well', () => {
    assert.equal(
      renderDiagnostics([
        at('a\u001b[1m\r\u202e b', 'b', { message: 'no \u001b[1m', hints: ['\u0007'] }),
      ]),
      'stdin:1:11-12: ERROR: no \\x1b[1m\na\\x1b[1m\\r\\u202e b\n                 ~\nHINT: \\x07\n',
    );
  });

  test('line breaks of other systems are no part of a line', () => {
    assert.equal(
      renderDiagnostics([at('{\r\n  b\r\n}', 'b')]),
      'stdin:2:3-4: ERROR: bad\n  b\n  ~\n',
    );
  });

  test('a long line is cut around its fault', () => {
    const [left, right] = ['l'.repeat(2000), 'r'.repeat(2000)];
    assert.equal(
      renderDiagnostics([at(`${left}x${right}`, 'x')]),
      `stdin:1:2001-2002: ERROR: bad\n...${'l'.repeat(100)}x${'r'.repeat(100)}...\n${' '.repeat(103)}~\n`,
    );
    assert.equal(
      renderDiagnostics([at(`x${right}`, `x${right}`)]),
      `stdin:1:1-2002: ERROR: bad\nx${'r'.repeat(899)}...\n${'~'.repeat(800)}\n`,
    );
  });

  test('of a fault over many lines the head and the end are shown', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`);
    const text = lines.join('\n');
    assert.equal(
      renderDiagnostics([at(text, text)]),
      `stdin:1-100: ERROR: bad\n${[...lines.slice(0, 10), '...', ...lines.slice(-10)].join('\n')}\n`,
    );
  });

  test('an empty span at the end has blanks for a mark', () => {
    assert.equal(
      renderDiagnostics([at('ab', '')]).length,
      'stdin:1:1-1: ERROR: bad\nab\n\n'.length,
    );
    const end = span(new Source('stdin', 'ab'), 2, 2);
    assert.equal(
      renderDiagnostics([{ code: 'test', severity: 'error', span: end, message: 'bad' }]),
      'stdin:1:3-3: ERROR: bad\nab\n  \n',
    );
  });

  test('puts errors before warnings, labels after the message and hints last', () => {
    const text = 'x y';
    const first = at(text, 'x');
    assert.ok(first.span);
    assert.equal(
      renderDiagnostics([
        at(text, 'y', { severity: 'warning', message: 'odd' }),
        at(text, 'y', {
          hints: ['do this', 'or that'],
          labels: [{ span: first.span, message: 'first here' }],
        }),
      ]),
      [
        'stdin:1:3-4: ERROR: bad',
        'x y',
        '  ~',
        'stdin:1:1-2: ERROR: first here',
        'x y',
        '~',
        'HINT: do this',
        'HINT: or that',
        'stdin:1:3-4: WARNING: odd',
        'x y',
        '  ~',
        '',
      ].join('\n'),
    );
  });

  test('a diagnostic of the whole program has no place', () => {
    assert.equal(
      renderDiagnostics([{ code: 'test', severity: 'error', message: 'no probes to attach' }]),
      'ERROR: no probes to attach\n',
    );
  });

  test('colours the message only', () => {
    const text = 'x';
    const red = renderDiagnostics([at(text, 'x', { hints: ['h'] })], { color: true });
    assert.equal(red, '\u001b[31mstdin:1:1-2: ERROR: bad\u001b[0m\nx\n~\nHINT: h\n');
    const yellow = renderDiagnostics([at(text, 'x', { severity: 'warning' })], { color: true });
    assert.equal(yellow, '\u001b[33mstdin:1:1-2: WARNING: bad\u001b[0m\nx\n~\n');
  });

  test('of nothing is nothing', () => assert.equal(renderDiagnostics([]), ''));
});

test('a position over several lines names the lines', () => {
  assert.equal(renderPosition(span(new Source('a.bt', 'x\ny\nz'), 0, 5)), 'a.bt:1-3');
});
