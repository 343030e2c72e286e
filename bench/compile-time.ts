/** How long the compiler takes: the kernel's types indexed, then programs of three sizes, the first time and when warm. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Btf } from '@bpfleet/bpf/btf';
import {
  compile,
  parse,
  renderDiagnostics,
  requirements,
  Source,
  type Target,
} from '@bpfleet/lang';
import { Machine } from '../packages/agent/src/target/machine.ts';
import { readTarget } from '../packages/agent/src/target/read-target.ts';

const PROGRAMS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'a one-liner', text: 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }' },
  { name: 'open-files.bt', text: program('open-files.bt') },
  { name: 'block-io.bt', text: program('block-io.bt') },
];
const VMLINUX_BTF = '/sys/kernel/btf/vmlinux';
const WARM_RUNS = 50;
const OPTIONS = { parameters: [], environment: {}, unsafe: false };

export interface CompileTime {
  readonly name: string;
  readonly firstMs: number;
  /** Of the runs after the first. */
  readonly warmMs: readonly number[];
}

export function compileTimes(): readonly CompileTime[] {
  const machine = new Machine();
  return [indexing(), ...PROGRAMS.map(({ name, text }) => compiling(name, text, machine))];
}

function program(name: string): string {
  return readFileSync(join(import.meta.dirname, 'programs', name), 'utf8');
}

/** From the kernel's image to a type found by its name. */
function indexing(): CompileTime {
  const image = readFileSync(VMLINUX_BTF);
  return timed('indexing vmlinux BTF', () => {
    const found = new Btf(image).findByName('task_struct', 'struct');
    if (found === undefined) throw new Error('BTF has no task_struct');
  });
}

/** What the program refers to has been read from the machine before. */
function compiling(name: string, text: string, machine: Machine): CompileTime {
  const source = new Source(name, text);
  const target = targetOf(source, machine);
  return timed(`compiling ${name}`, () => {
    const result = compile(source, target, OPTIONS);
    if (!result.ok) throw new Error(renderDiagnostics(result.diagnostics));
  });
}

function targetOf(source: Source, machine: Machine): Target {
  const { program: tree, diagnostics } = parse(source);
  if (tree === undefined) throw new Error(renderDiagnostics(diagnostics));
  return readTarget(machine, requirements(tree, { parameters: [], hasPid: false, unsafe: false }), {
    searchPath: '',
  });
}

function timed(name: string, run: () => void): CompileTime {
  const times = Array.from({ length: 1 + WARM_RUNS }, () => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  });
  const [firstMs = Number.NaN, ...warmMs] = times;
  return { name, firstMs, warmMs };
}
