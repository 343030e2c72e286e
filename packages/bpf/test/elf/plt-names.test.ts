/** Names of the stubs by which programs call libraries, compared with what objdump says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Elf } from '../../src/elf/elf.ts';
import { PltNames } from '../../src/elf/plt-names.ts';
import { SymbolTable } from '../../src/elf/symbol-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'bpfleet-plt-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const SOURCE = `
#include <stdlib.h>
#include <unistd.h>
static int chosen(int x) { return x; }
static void *choose(void) { return chosen; }
int made(int) __attribute__((ifunc("choose")));
int (*volatile taken)(int) = abs;
int main(int count, char **words) { return made(getppid()) + taken(atoi(words[0])); }
`;

const FORMS: readonly (readonly string[])[] = [
  ['-Wl,-z,lazy'],
  ['-Wl,-z,now'],
  ['-no-pie', '-Wl,-z,lazy'],
  ['-fcf-protection=full', '-Wl,-z,ibtplt'],
];

interface Program {
  readonly elf: Elf;
  readonly symbols: SymbolTable;
  readonly stubs: PltNames;
}

function build(path: string, flags: readonly string[]): Program {
  writeFileSync(`${path}.c`, SOURCE);
  execFileSync('gcc', ['-O1', ...flags, '-o', path, `${path}.c`]);
  const elf = new Elf(readFileSync(path));
  const symbols = new SymbolTable(elf);
  const stubs = new PltNames(elf, (address) => symbols.findByAddress(address)?.name);
  return { elf, symbols, stubs };
}

test('stubs for functions that a program chooses itself have the names of these', () => {
  const { elf, stubs } = build(join(folder, 'static'), ['-static']);
  const section = elf.section('.plt');
  const names = new Set<string | undefined>();
  for (let at = 0; at < (section?.sizeBytes ?? 0); at += 8) {
    names.add(stubs.find((section?.address ?? 0) + at)?.name);
  }
  assert.ok(names.has('made@plt'));
  assert.ok(!names.has(undefined));
});

for (const [index, flags] of FORMS.entries()) {
  test(`stubs have the names of what they call: ${flags.join(' ')}`, () => {
    const path = join(folder, `program-${index}`);
    const { symbols, stubs } = build(path, flags);
    const text = execFileSync('objdump', ['-d', '-w', path], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    let compared = 0;
    for (const [, hex = '', name = ''] of text.matchAll(/^0*([0-9a-f]+) <([^>+-]+@plt)>:$/gm)) {
      const address = Number.parseInt(hex, 16);
      assert.equal(stubs.find(address)?.name, name);
      assert.equal(stubs.find(address + 6)?.name, name);
      compared++;
    }
    assert.ok(compared > 0);
    const ofIfunc = [...text.matchAll(/^0*([0-9a-f]+) <\*ABS\*\+0x[0-9a-f]+@plt>:$/gm)].map(
      ([, hex = '']) => stubs.find(Number.parseInt(hex, 16))?.name,
    );
    assert.ok(ofIfunc.includes('made@plt'), ofIfunc.join());
    assert.equal(stubs.find(symbols.find('main')?.address ?? 0), undefined);
  });
}
