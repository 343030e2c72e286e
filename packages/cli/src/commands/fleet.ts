/** All commands but `local`: parses the command line, runs the command, and words what went wrong. */
import { CommanderError } from 'commander';
import { OWN_FAULT_EXIT_CODE, ownFaultText, systemErrorText } from '@bpfleet/protocol';
import { ProgramRejectedError } from '../api-transport.ts';
import { guardedTerminal } from '../guarded-terminal.ts';
import { bpfleet } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';

/** Each fault once, followed by the hosts it concerns where the coordinator did not find it itself. */
function rejectionText({ rejected }: ProgramRejectedError): string {
  return rejected.faults
    .map(({ message, hosts }) => {
      const where = hosts.length === 0 ? '' : `on ${hosts.join(', ')}\n`;
      return `${message.trimEnd()}\n${where}`;
    })
    .join('');
}

/** @returns the exit code */
export async function fleetCommand(argv: readonly string[], given: Terminal): Promise<number> {
  const terminal = guardedTerminal(given);
  let exitCode = 0;
  const program = bpfleet({
    terminal,
    finish: (code) => {
      exitCode = code;
    },
  });
  if (argv.length === 0) {
    terminal.err(program.helpInformation());
    return 1;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof ProgramRejectedError) {
      terminal.err(rejectionText(error));
      return 1;
    }
    const bug = ownFaultText(error, VERSION);
    if (bug !== undefined) {
      terminal.err(`${bug}\n`);
      return OWN_FAULT_EXIT_CODE;
    }
    const message = error instanceof Error ? error.message : String(error);
    terminal.err(`bpfleet ${argv[0]}: ${systemErrorText(error) ?? message}\n`);
    return 1;
  }
}
