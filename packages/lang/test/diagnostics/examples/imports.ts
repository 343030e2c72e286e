/** Examples of imports.ts. */
import type { ProgramFile } from '@bpfleet/protocol';
import type { Examples } from './example.ts';

function file(text: string, worldWritable = false): ProgramFile {
  return { kind: 'text', text, worldWritable };
}

export const imports: Examples = {
  'import-not-found': [
    `
begin { import "a.h"; }
        ~~~~~~~~~~~~ Unable to find suitable path for import
`,
    `
import "no/such.bt";
~~~~~~~~~~~~~~~~~~~ Unable to find suitable path for import
begin { }
`,
  ],
  'import-skipped': [
    {
      picture: `
import "a.bt";
~~~~~~~~~~~~~ skipping due to global write permissions: "a.bt"
~~~~~~~~~~~~~ Unable to find suitable path for import
begin { }
`,
      files: { 'a.bt': file('', true) },
    },
  ],
  'import-too-deep': [
    {
      picture: `
import "c0.bt";
begin { }
! c199.bt:1:1 imports of imports, more than 200 deep
`,
      files: Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [
          `c${index}.bt`,
          file(`import "c${index + 1}.bt";`),
        ]),
      ),
    },
  ],
  'import-refused': [
    {
      picture: `
import "a";
~~~~~~~~~~ cowardly refusing to import from a directory with global write permissions: "a/b.bt"
begin { }
`,
      files: {
        a: { kind: 'directory', entries: ['b.bt'], worldWritable: false },
        'a/b.bt': file('', true),
      },
    },
  ],
  'import-unreadable': [
    {
      picture: `
import "a.bt";
~~~~~~~~~~~~~ error reading import '"a.bt"': Permission denied
begin { }
`,
      files: { 'a.bt': { kind: 'unreadable', reason: 'Permission denied' } },
    },
  ],
  'unknown-import-type': [
    {
      picture: `
import "a.txt";
~~~~~~~~~~~~~~ unknown import type: "a.txt"
begin { }
`,
      files: { 'a.txt': file('') },
    },
  ],
  'compiled-import': [
    {
      picture: `
import "a.bpf.c";
~~~~~~~~~~~~~~~~ "a.bpf.c" can not be imported: bpfleet compiles bpftrace programs only, no BPF code of other compilers
begin { }
`,
      files: { 'a.bpf.c': file('') },
    },
  ],
  'config-in-import': [
    {
      picture: `
import "a.bt";
begin { }
! a.bt:1:1 invalid \`config\` within import
`,
      files: { 'a.bt': file('config = { max_strlen = 8 }') },
    },
  ],
  'script-in-block': [
    {
      picture: `
config = { unstable_import_statement = enable }
begin { import "a.bt"; }
        ~~~~~~~~~~~~~ Import statements that are not at the root are limited to specific object (.o), header (.h), or C source (.c or bpf.c) files
`,
      files: { 'a.bt': file('') },
    },
  ],
};
