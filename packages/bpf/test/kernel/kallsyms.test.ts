import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Kallsyms } from '../../src/kernel/kallsyms.ts';

const TEXT = `0000000000000f00 A cpu_variable
ffffffff81000000 T _stext
ffffffff81000000 T _text
ffffffff81000100 t do_one
ffffffff81000200 D jiffies
ffffffffc0002000 t late	[zram]
ffffffffc0001000 T early	[zram]
`;

const ZEROES = TEXT.replaceAll(/^f[\da-f]+/gm, '0000000000000000');

function parse(text: string): Kallsyms {
  return new Kallsyms(new TextEncoder().encode(text));
}

for (const [address, name, offsetBytes, module] of [
  [0xffffffff81000000n, '_stext', 0n],
  [0xffffffff810000ffn, '_stext', 0xffn],
  [0xffffffff810001ffn, 'do_one', 0xffn],
  [0xffffffff81000234n, 'jiffies', 0x34n],
  [0xffffffffc0001004n, 'early', 4n, 'zram'],
  [0xffffffffc0002000n, 'late', 0n, 'zram'],
] as const) {
  test(`${address.toString(16)} lies in ${name}`, () => {
    const want = module === undefined ? { name, offsetBytes } : { name, offsetBytes, module };
    assert.deepEqual(parse(TEXT).resolve(address), want);
  });
}

test('an address before the first and one far behind the last function lie in none', () => {
  assert.equal(parse(TEXT).resolve(0x1000n), undefined);
  assert.equal(parse(TEXT).resolve(0xffffffffffffffffn), undefined);
});

test('finds functions, data and symbols of modules by name', () => {
  assert.equal(parse(TEXT).address('do_one'), 0xffffffff81000100n);
  assert.equal(parse(TEXT).address('jiffies'), 0xffffffff81000200n);
  assert.equal(parse(TEXT).address('late'), 0xffffffffc0002000n);
  assert.equal(parse(TEXT).address('do_'), undefined);
});

test('hidden addresses leave the names', () => {
  const symbols = parse(ZEROES);
  assert.equal(symbols.hasAddresses, false);
  assert.equal(symbols.resolve(0xffffffff81000000n), undefined);
  assert.equal(symbols.address('do_one'), undefined);
  assert.deepEqual(
    [...symbols.functions()].map(({ name }) => name),
    ['_stext', '_text', 'do_one', 'late', 'early'],
  );
});

test('takes a last line without its end', () => {
  const symbols = parse('ffffffff81000000 T only');
  assert.deepEqual(symbols.resolve(0xffffffff81000001n), { name: 'only', offsetBytes: 1n });
});

test('damaged text loses the lines that are damaged, and no more', () => {
  const line = 'ffffffff81000000 T _stext\nffffffff81000100 t inner\t[module]\n';
  const text = Buffer.from(line.repeat(20));
  const edits = fc.array(fc.tuple(fc.nat(text.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(edits, (changes) => {
      const damaged = Buffer.from(text);
      for (const [at, byte] of changes) damaged[at] = byte;
      const symbols = new Kallsyms(damaged);
      symbols.resolve(0xffffffff81000104n);
      symbols.address('inner');
      assert.ok([...symbols.functions()].length <= 60);
      assert.equal(symbols.hasAddresses, true);
    }),
    { numRuns: 500 },
  );
});
