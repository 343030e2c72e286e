/** Constants that scripts take from headers, which nobody reads. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analysed, assertDiagnosed, mapsOf } from '../analysis/analysed.ts';
import { headerMacros } from '../../src/c/header-macros.ts';
import { spellTokens } from '../../src/c/c-lexer.ts';
import { defined, measured } from './defined.ts';

const textOf = (name: string, arch: 'x86_64' | 'arm64' = 'x86_64'): string | undefined => {
  const macro = headerMacros(arch).get(name);
  return macro === undefined ? undefined : spellTokens(macro.body);
};

suite('constants of headers', () => {
  test('have the values of the kernel', () => {
    const names = [
      'AF_INET6',
      'EAGAIN',
      'SIGKILL',
      'O_CREAT',
      'S_IFDIR',
      'PROT_WRITE',
      'TCPHDR_SYN',
    ];
    assert.deepEqual(
      names.map((name) => Number(textOf(name))),
      // Octal, where C has octal.
      [10, 11, 9, 100, 40000, 2, 2],
    );
    assert.deepEqual(
      [textOf('__NR_nanosleep'), textOf('__NR_nanosleep', 'arm64'), textOf('SYS_read')],
      ['35', '101', '__NR_read'],
    );
    assert.equal(textOf('O_DIRECT'), '040000');
    assert.equal(textOf('O_DIRECT', 'arm64'), '0200000');
    assert.equal(textOf('NO_SUCH_CONSTANT'), undefined);
  });

  test('are there with an #include and without', () => {
    for (const head of ['', '#include <linux/socket.h>\n', '#include <sys/socket.h>\n']) {
      const made = analysed(
        `${head}begin { if comptime (1 == AF_INET) { @ = 1 } else { @s = "x" } }`,
      );
      assert.deepEqual(mapsOf(made), ['@s = string[2]']);
    }
  });

  test('take parameters', () => {
    analysed('begin { @[MAJOR(0x800001), MINOR(0x800001)] = S_ISDIR(040755); }');
  });

  test('give way to what the program defines', () => {
    const made = analysed('#define AF_INET "four"\nbegin { @ = AF_INET; }');
    assert.deepEqual(mapsOf(made), ['@ = string[5]']);
    const named = analysed('enum e { AF_INET = 7 };\nbegin { @ = AF_INET; }');
    assert.deepEqual(mapsOf(named), ['@ = enum e']);
    assertDiagnosed(`
#undef AF_INET
begin { @ = AF_INET; }
            ~~~~~~~ Unknown identifier: 'AF_INET'
`);
  });

  test('are lengths of arrays where their header is included', () => {
    const types = defined('#include <linux/if.h>\nstruct x { char name[IFNAMSIZ]; };');
    assert.deepEqual(measured(types, 'struct x'), [16, 1]);
  });
});
