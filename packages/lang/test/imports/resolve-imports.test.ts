/** Scripts and headers beside the program: which files are wanted, and what becomes of them. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ProgramFile, ProgramFiles } from '@bpfleet/protocol';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { collectProgramFiles } from '../../src/imports/collect-program-files.ts';
import { loadProgram, type LoadedProgram } from '../../src/load-program.ts';
import { Source } from '../../src/source.ts';
import { printProgram } from '../../src/syntax/print.ts';

function text(content: string, worldWritable = false): ProgramFile {
  return { kind: 'text', text: content, worldWritable };
}

function directory(entries: readonly string[], worldWritable = false): ProgramFile {
  return { kind: 'directory', entries, worldWritable };
}

function load(program: string, disk: ProgramFiles, name = 'stdin'): LoadedProgram {
  const source = new Source(name, program);
  const files = collectProgramFiles(source, (path) => disk[path] ?? { kind: 'missing' });
  return loadProgram(source, files);
}

function printed(program: string, disk: ProgramFiles, name?: string): string {
  const loaded = load(program, disk, name);
  assert.ok(loaded.program, renderDiagnostics(loaded.diagnostics));
  return printProgram(loaded.program).replaceAll(/\s+/g, ' ').trim();
}

function refusal(program: string, disk: ProgramFiles): string {
  const [first = ''] = renderDiagnostics(load(program, disk).diagnostics).split('\n');
  return first;
}

suite('imports', () => {
  test('come before what imports them', () => {
    assert.equal(
      printed('import "a.bt"; begin { 1; }', {
        'a.bt': text('import "b.bt"; begin { 2; }'),
        'b.bt': text('begin { 3; } end { 4; }'),
      }),
      'begin { 3; } end { 4; } begin { 2; } begin { 1; }',
    );
  });

  test('are looked for beside the script that has them, then beside the program', () => {
    assert.equal(
      printed(
        'import "lib/a.bt"; begin { }',
        {
          '/p/lib/a.bt': text('import "near.bt"; import "far.bt"; begin { 1; }'),
          '/p/lib/near.bt': text('begin { 2; }'),
          '/p/near.bt': text('begin { 9; }'),
          '/p/far.bt': text('begin { 3; }'),
        },
        '/p/main.bt',
      ),
      'begin { 2; } begin { 3; } begin { 1; } begin {}',
    );
  });

  test('happen once, whatever the circle', () => {
    assert.equal(
      printed('import "a.bt"; import "./a.bt"; import "b.bt"; begin { }', {
        'a.bt': text('import "b.bt"; begin { 1; }'),
        'b.bt': text('import "a.bt"; begin { 2; }'),
      }),
      'begin { 2; } begin { 1; } begin {}',
    );
  });

  test('of a directory take the scripts and headers in it', () => {
    assert.equal(
      printed('import "lib"; begin { one(); }', {
        lib: directory(['deeper', 'm.bt', 'notes.txt', 'x.h']),
        'lib/deeper': directory(['y.bt']),
        'lib/m.bt': text('macro one() { exit(); }'),
        'lib/x.h': text('struct x { int a; };'),
      }),
      '#include "lib/x.h" begin { { exit(); } }',
    );
  });

  test('of headers become includes that know their path, also from blocks', () => {
    const { program } = load('import "a.h"; begin { import "lib/b.h"; }', {
      'a.h': text('#include "c.h"\n'),
      'c.h': text(''),
      'lib/b.h': text(''),
    });
    assert.deepEqual(
      program?.definitions.map(({ path }) => path),
      ['a.h', 'lib/b.h'],
    );
  });

  test('of the standard library are accepted without a file', () => {
    assert.equal(
      printed('import "stdlib"; import "stdlib/test"; begin { __always_true(); }', {}),
      'begin { { 1; } }',
    );
  });

  test('bring macros whose faults tell of the import', () => {
    const { diagnostics } = load('import "a.bt"; begin { }', {
      'a.bt': text('begin { m(@x); } macro m($y) { }'),
    });
    assert.equal(
      renderDiagnostics(diagnostics).replaceAll(/^(?!.*(?:ERROR)).*\n/gm, ''),
      `a.bt:1:9-14: ERROR: Call to m() has arguments that do not match any definition.
stdin:1:1-14: ERROR: expanded from
a.bt:1:11-13: ERROR: Mismatched arg. m() expects a variable for arg $y but got a map.
a.bt:1:26-28: ERROR: This is the argument in the closest definition.
stdin:1:1-14: ERROR: expanded from
`,
    );
  });
});

suite('imports are refused', () => {
  test('when nothing is there', () => {
    assert.equal(
      renderDiagnostics(load('import "a.bt"; begin { }', {}).diagnostics),
      `stdin:1:1-14: ERROR: Unable to find suitable path for import
import "a.bt"; begin { }
~~~~~~~~~~~~~
HINT: checked: a.bt
`,
    );
  });

  test('when everybody may write them', () => {
    assert.match(
      renderDiagnostics(load('import "a.bt"; begin { }', { 'a.bt': text('', true) }).diagnostics),
      /Unable to find suitable path.*skipping due to global write permissions: "a\.bt"/s,
    );
    assert.equal(
      refusal('import "d"; begin { }', { d: directory(['a.bt']), 'd/a.bt': text('', true) }),
      'stdin:1:1-11: ERROR: cowardly refusing to import from a directory with global write permissions: "d/a.bt"',
    );
  });

  test('when they cannot be read', () => {
    assert.equal(
      refusal('import "a.bt"; begin { }', {
        'a.bt': { kind: 'unreadable', reason: 'Permission denied' },
      }),
      `stdin:1:1-14: ERROR: error reading import '"a.bt"': Permission denied`,
    );
  });

  test('when they are of a kind that cannot be imported', () => {
    assert.equal(
      refusal('import "d/a.txt"; begin { }', { 'd/a.txt': text('') }),
      'stdin:1:1-17: ERROR: unknown import type: "a.txt"',
    );
    for (const name of ['a.bpf.c', 'a.bpf.o']) {
      assert.equal(
        refusal(`import "${name}"; begin { }`, { [name]: text('') }),
        `stdin:1:1-17: ERROR: "${name}" can not be imported: bpfleet compiles bpftrace programs only, no BPF code of other compilers`,
      );
    }
  });

  test('when they have settings of their own', () => {
    assert.equal(
      refusal('import "a.bt"; begin { }', { 'a.bt': text('config = { max_strlen = 10 }') }),
      'a.bt:1:1-29: ERROR: invalid `config` within import',
    );
  });

  test('when they are scripts, and inside a block', () => {
    assert.match(
      refusal('begin { import "a.bt"; }', { 'a.bt': text('') }),
      /^stdin:1:9-22: ERROR: Import statements that are not at the root are limited to/,
    );
  });

  test('with the syntax errors in them', () => {
    assert.match(
      refusal('import "a.bt"; begin { }', { 'a.bt': text('begin { ') }),
      /^a\.bt:1:\d+-\d+: ERROR: syntax: expected/,
    );
  });
});

test('headers want what they include, scripts what is included with quotes, and nothing twice', () => {
  const disk: ProgramFiles = {
    'a.h': text('#include "sub/b.h"\n#include <linux/sched.h>\n'),
    'sub/b.h': text('#include "../a.h"\n'),
    'inc/c.h': text(''),
  };
  const asked: string[] = [];
  const read = (path: string): ProgramFile => {
    asked.push(path);
    return disk[path] ?? { kind: 'missing' };
  };
  const source = new Source('stdin', '#include "a.h"\n#include <c.h>\nbegin { }');
  assert.deepEqual(Object.keys(collectProgramFiles(source, read, ['inc'])), [
    'a.h',
    'inc/c.h',
    '<c.h>',
    'sub/b.h',
  ]);
  assert.equal(new Set(asked).size, asked.length);
});
