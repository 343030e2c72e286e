/** C in programs: definitions, macros and headers, through the command line. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { local, printed as printedWhole } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

/** The end of every program without maps is two empty lines. */
async function printed(program: string): Promise<string> {
  return `${(await printedWhole(program)).trimEnd()}\n`;
}

suite('C in programs', { skip: notRoot(), concurrency: true }, () => {
  test('macros are expressions, texts and calls', async () => {
    const program = `
#define ANSWER 40 + 2
#define TWICE(x) ((x) * 2)
#define GREETING "hello %d %s\\n"
BEGIN { printf(GREETING, ANSWER, "you"); print(TWICE(ANSWER)); print(TWICE(TWICE(3))); exit(); }`;
    assert.equal(await printed(program), 'hello 42 you\n84\n12\n');
  });

  test('enumerators print by name, with and without a name of their enum', async () => {
    const program = `
enum colour { RED = 1, GREEN, BLUE = 1 << 4 };
enum { LOW = -1, HIGH = 7 };
BEGIN { print((RED, GREEN, HIGH)); printf("%d %s %d\\n", BLUE, BLUE, LOW); print((enum colour)2); exit(); }`;
    assert.equal(await printed(program), '(RED, GREEN, HIGH)\n16 BLUE -1\nGREEN\n');
  });

  test('structs have the layout of C', async () => {
    const program = `
struct plain { int x; char y; int z; }
struct tight { int x; char y; int z; } /**/ __attribute__ /**/ ((packed)) /**/
BEGIN { print((sizeof(struct plain), sizeof(struct tight), offsetof(struct plain, z), offsetof(struct tight, z))); exit(); }`;
    assert.equal(await printed(program), '(12, 9, 8, 5)\n');
  });

  test('constants of headers need no header', async () => {
    const program = `
#include <linux/socket.h>
#ifdef BPFTRACE_HAVE_BTF
#include <sys/socket.h>
#else
#include <net/no_such_header_of_the_kernel.h>
#endif
BEGIN { printf("%d %d %d %d\\n", AF_INET, AF_INET6, EAGAIN, TCP_ESTABLISHED); exit(); }`;
    assert.equal(await printed(program), '2 10 11 1\n');
  });

  test('a header that nobody has is named', async () => {
    const { err, exitCode } = await local(['-e', '#include <lol/no.h>\nBEGIN { }']);
    assert.equal(exitCode, 1);
    assert.match(err, /definitions\.h:2:10: fatal error: 'lol\/no\.h' file not found/);
  });

  test('headers come from -I, --include and where the environment says', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'bpfleet-'));
    try {
      writeFileSync(
        join(directory, 'pair.h'),
        '#pragma once\n#include <stdint.h>\ntypedef struct { uint8_t a; uint32_t b; } pair_t;\n#define SEVEN 7\n',
      );
      const body = 'BEGIN { print((SEVEN, sizeof(pair_t))); exit(); }';
      const runs = await Promise.all([
        local(['-q', '-I', directory, '-e', `#include <pair.h>\n${body}`]),
        local(['-q', '-I', directory, '--include', 'pair.h', '-e', body]),
        local(['-q', '--include', join(directory, 'pair.h'), '-e', body]),
        local(['-q', '-e', `#include <pair.h>\n${body}`], { CPATH: `/nonexistent:${directory}` }),
        local(['-q', '--include', 'pair.h', '-e', body], { C_INCLUDE_PATH: directory }),
      ]);
      for (const { out, err } of runs) assert.equal(`${err}${out}`.trimEnd(), '(7, 8)');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
