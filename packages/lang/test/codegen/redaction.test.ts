/** A redacted program has the schema of the plain one, and no call that reads text. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HELPERS } from '@bpfleet/bpf/asm';
import { compile } from '../../src/compile.ts';
import { Source } from '../../src/source.ts';
import type { SessionSpec } from '../../src/session-spec.ts';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { lockedDown } from '../targets/targets.ts';

function specOf(text: string, redact: boolean): SessionSpec {
  const options = { parameters: [], environment: {}, unsafe: false, redact };
  const result = compile(new Source('stdin', text), lockedDown, options);
  return result.ok ? result.spec : assert.fail(renderDiagnostics(result.diagnostics));
}

function readers(spec: SessionSpec): number {
  const reading: ReadonlySet<number> = new Set([
    ...[HELPERS.probe_read_user, HELPERS.probe_read_user_str, HELPERS.probe_read],
    HELPERS.probe_read_str,
  ]);
  return spec.programs
    .flatMap(({ program }) => program.instructions)
    .filter(({ opcode, src, imm }) => opcode === 0x85 && src === 0 && reading.has(Number(imm)))
    .length;
}

describe('redaction', () => {
  for (const body of [
    'printf("%s", str(uptr(1)));',
    '@[str(uptr(1), 9)] = count();',
    '@ = buf(uptr(1), 64);',
    'printf("%r", buf(uptr(1), 3));',
    'print((1, str(uptr(1))));',
    'if (strcontains(str(uptr(1)), "x")) { exit(); }',
    'join(uptr(0));',
  ]) {
    it(`reads no text of a process in ${body}`, () => {
      const program = `BEGIN { ${body} }`;
      const plain = specOf(program, false);
      const redacted = specOf(program, true);
      assert.deepEqual(redacted.schema, plain.schema);
      assert.ok(readers(plain) > 0);
      // The pointers of an array are numbers.
      assert.ok(readers(redacted) === 0 || body.startsWith('join'));
    });
  }
});
