/** `bpfleet library ls`: what there is to run. */
import { Command } from 'commander';
import type { LibraryProgram } from '@bpfleet/protocol';
import { ago } from '../../output/duration.ts';
import { jsonLine } from '../../output/json-line.ts';
import { table } from '../../output/table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';

export const LIBRARY_HEADER: readonly string[] = [
  ...['NAME', 'VERSION', 'FOR', 'PROGRAM', 'ADDED', 'BY', 'PARAMETERS'],
];

export function libraryRow(program: LibraryProgram, nowMs: number): readonly string[] {
  const { name, version, role, digest, addedAtMs, who, parameters, removed } = program;
  const takes = parameters.map((parameter) => `${parameter.name}=${parameter.accepts}`).join(' ');
  const mayRun = removed ? 'removed' : `${role}s`;
  return [name, String(version), mayRun, digest, ago(addedAtMs, nowMs), who, takes];
}

export function listLibraryCommand(context: CommandContext): Command {
  const command = new Command('ls')
    .description('list the programs, with the parameters that they take')
    .option('--json', 'one JSON object a line')
    .action(async (flags: CoordinatorFlags & { readonly json?: boolean }) => {
      const programs = await (await connect(flags, context)).library();
      const nowMs = Date.now();
      context.terminal.out(
        flags.json === true
          ? programs.map(jsonLine).join('')
          : table(
              LIBRARY_HEADER,
              programs.map((program) => libraryRow(program, nowMs)),
            ),
      );
    });
  return withExamples(withCoordinatorFlags(command), ['bpfleet library ls']);
}
