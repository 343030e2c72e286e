/** What the stages of the compiler made of a program, as text: `-d ast`, `-d types`, `-d ir`, `-d asm`. */
import { disassemble } from '@bpfleet/bpf/asm';
import { printIr } from './codegen/ir-print.ts';
import type { CompiledStages } from './compile.ts';
import { dumpTree } from './syntax/dump.ts';
import { printType } from './types/print-type.ts';
import type { SessionSpec } from './session-spec.ts';

interface Compiled {
  readonly spec: SessionSpec;
  readonly stages: CompiledStages;
}

type Printer = (compiled: Compiled) => string;

const printers: Readonly<Record<string, Printer>> = {
  ast: ({ stages }) => dumpTree(stages.program),
  types: printTypes,
  ir: ({ stages }) =>
    stages.lowered.programs.map(({ probe, ir }) => titled(probe.name, printIr(ir))).join('\n'),
  asm: ({ spec }) =>
    spec.programs
      .map(({ probe, program }) =>
        titled(probe === '' ? program.name : probe, disassemble(program.instructions)),
      )
      .join('\n'),
};

/** Names that bpftrace gives to stages of its own. */
const aliases: Readonly<Record<string, string>> = {
  parse: 'ast',
  codegen: 'ir',
  'codegen-opt': 'ir',
  dis: 'asm',
};

/** The stages asked for, in the compiler's order; names that are no stage's are left out. */
export function compileStages(compiled: Compiled, stages: readonly string[]): string {
  const wanted = new Set(
    stages.flatMap((stage) =>
      stage === 'all' ? Object.keys(printers) : [aliases[stage] ?? stage],
    ),
  );
  return Object.entries(printers)
    .filter(([stage]) => wanted.has(stage))
    .map(([stage, print]) => `# ${stage}\n${print(compiled)}`)
    .join('\n');
}

function titled(title: string, text: string): string {
  return `${title}\n${text.replace(/^(?=.)/gm, '  ')}`;
}

function printTypes({ stages }: Compiled): string {
  const { maps, probes } = stages.checked;
  const mapLines = [...maps.values()].map(({ name, key, value }) => {
    const keys = key === undefined ? '' : `[${printType(key)}]`;
    return `${name}${keys}: ${printType(value)}\n`;
  });
  const variableLines = probes.flatMap(({ name, variables }) =>
    variables.size === 0
      ? []
      : [
          `${name}\n`,
          ...[...variables].map(([variable, type]) => `  $${variable}: ${printType(type)}\n`),
        ],
  );
  return [...mapLines, ...variableLines].join('');
}
