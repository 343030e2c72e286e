/** Examples of limits.ts. They are long, so they are made. */
import type { Examples } from './example.ts';

/** The whole body of the one probe is marked. */
function body(statements: string, message: string): string {
  const block = `{ ${statements} }`;
  return `
begin ${block}
      ${'~'.repeat(block.length)} ${message}
`;
}

const LETTERS = 'abcdefgh';
const loops = LETTERS.split('')
  .map((name) => `for ($${name} : 0..99) { `)
  .join('');
const sum = `${'nsecs + ('.repeat(100)}nsecs${')'.repeat(100)}`;
const loopsAfterEachOther = 'for ($i : 0..99) { @ = 1; } '.repeat(256).trim();
const copies = `${'unroll (100) { '.repeat(4)}if (rand) { break; } ${'} '.repeat(4)}`;
const maps = Array.from({ length: 70 }, (_, index) => `@m${index}[pid] = 1;`).join(' ');

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
    body(
      loopsAfterEachOther,
      'begin needs 257 functions, and the kernel allows 256 in one program',
    ),
  ],
  'program-too-large': [
    `
begin { for ($i : 0..9) { ${copies}} }
${' '.repeat(98)}~~~~~~ begin needs more than 1000000 instructions, which is all that the kernel takes
`,
  ],
  'stack-exceeded': [
    body(`@ = ${sum};`, 'begin needs 776 bytes of stack, and the kernel gives 512'),
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
    body(maps, 'begin uses 72 maps of the kernel, and the kernel allows 64 in one program'),
  ],
};
