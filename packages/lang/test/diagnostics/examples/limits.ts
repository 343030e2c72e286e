/** Examples of limits.ts. They are long, so they are made. */
import type { Examples } from './example.ts';

/** A probe of one statement that cannot be cut: a loop around so many, of which one is marked. */
function looped(statements: readonly string[], marked: number, message: string): string {
  const head = `begin { for ($o : 0..99) { ${statements.slice(0, marked).join(' ')} `;
  return `
${head}${statements.slice(marked).join(' ')} } }
${' '.repeat(head.length)}${'~'.repeat((statements[marked] ?? '').replace(/;$/, '').length)} ${message}
`;
}

const LETTERS = 'abcdefgh';
const loops = LETTERS.split('')
  .map((name) => `for ($${name} : 0..99) { `)
  .join('');
const sum = `${'nsecs + ('.repeat(100)}nsecs${')'.repeat(100)}`;
const loopsAfterEachOther = Array.from({ length: 256 }, () => 'for ($i : 0..99) { @ = 1; }');
const copies = `${'unroll (100) { '.repeat(4)}if (rand) { break; } ${'} '.repeat(4)}`;
const maps = Array.from({ length: 70 }, (_, index) => `@m${index}[pid] = 1;`);

const doubled = `$a = (1, 2); ${Array.from('bcdefghijklm', (name, index) => {
  const before = 'abcdefghijkl'.charAt(index);
  return `$${name} = ($${before}, $${before});`;
}).join(' ')}`;

export const limits: Examples = {
  'loops-too-deep': [
    `
begin { ${loops}@ = count(); ${'} '.repeat(LETTERS.length)} }
${' '.repeat(8 + loops.lastIndexOf('for'))}~~~~~~~~~~~~~~~~ 8 loops and calls of functions inside each other, and the kernel allows 7
`,
    `
fn f($n : int64) : int64 { for ($i : 0..$n) { @ = count(); } return 1; }
                           ~~~~~~~~~~~~~~~~ 8 loops and calls of functions inside each other, and the kernel allows 7
begin { ${loops.slice(0, loops.lastIndexOf('for ($g'))}print(f(nsecs)); ${'} '.repeat(6)} }
`,
  ],
  'too-many-functions': [
    looped(
      loopsAfterEachOther,
      254,
      'begin needs 258 functions, and the kernel allows 256 in one program',
    ),
  ],
  'program-too-large': [
    `
begin { for ($i : 0..9) { ${copies}} }
${' '.repeat(98)}~~~~~~ begin needs more than 1000000 instructions, which is all that the kernel takes
`,
  ],
  'stack-exceeded': [
    `
begin { $n = 1; @ = ${sum}; }
                ${'~'.repeat(4 + sum.length)} begin needs 784 bytes of stack, and the kernel gives 512
`,
  ],
  'value-too-large': [
    `
begin { ${doubled} }
${' '.repeat(8 + doubled.length - '($l, $l);'.length)}~~~~~~~~ a tuple of more than 4096 values
`,
    `
struct s { int x[40000000]; };
begin { @ = *(struct s*)0; }
        ~~~~~~~~~~~~~~~~~ this value takes 160000000 bytes, and the limit is 16777216
`,
    `
struct s { int x[40000000]; };
begin { $big = *(struct s*)0; print($big.x[2]); }
        ~~~~ $big takes 160000000 bytes, and the limit is 16777216
`,
    `
struct s { int x[1000000000]; };
begin { print(*(struct s*)0); }
              ~~~~~~~~~~~~~ this event takes 4000000024 bytes, and the limit is 8388608
`,
  ],
  'too-many-maps': [
    looped(maps, 63, 'begin uses 73 maps of the kernel, and the kernel allows 64 in one program'),
  ],
};
