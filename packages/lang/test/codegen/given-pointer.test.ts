/** Pointers that the kernel takes back from a program only as it gave them to it. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compile } from '../../src/compile.ts';
import { compileStages } from '../../src/compile-stages.ts';
import { Source } from '../../src/source.ts';
import { withTypes } from '../targets/types.ts';

const TYPES = 'struct path { int *mnt; }; struct file { int flags; struct path f_path; };';

function compiled(body: string): ReturnType<typeof compile> {
  const text = `${TYPES} fentry:vfs_read { ${body} }`;
  const options = { parameters: [], environment: {}, unsafe: false };
  return compile(new Source('stdin', text), withTypes, options);
}

function faultOf(body: string): string | undefined {
  const result = compiled(body);
  return result.ok ? undefined : result.diagnostics[0]?.message;
}

const NOT_GIVEN = 'path() takes a pointer as the probe was given it, not one read from memory';

suite('given pointers', () => {
  test('a variable that is set once stands for the argument, which is read again', () => {
    const direct = compiled('print(path(args.file->f_path));');
    const kept = compiled('$f = args.file; $g = $f; $n = nsecs; print(path($g->f_path)); @ = $n;');
    assert.ok(direct.ok && kept.ok);
    for (const result of [direct, kept]) {
      const lines = compileStages(result, ['asm']).split('\n');
      const call = lines.findIndex((line) => line.includes('bpf_d_path'));
      const near = lines.slice(call - 8, call).join('\n');
      assert.match(near, /\*\(u64 \*\)\(r\d \+0\)[^]*r\d \+= 8/);
    }
  });

  test('what may be another pointer is refused', () => {
    const bodies = [
      '$f = args.file; if (pid) { $f = (struct file *)1; } print(path($f->f_path));',
      'let $f : struct file * ; if (pid) { $f = args.file; } print(path($f->f_path));',
      '@[1] = args.file; print(path(@[1]->f_path));',
      '$f = (struct file *)nsecs; print(path($f->f_path));',
    ];
    for (const body of bodies) assert.equal(faultOf(body), NOT_GIVEN, body);
  });
});
