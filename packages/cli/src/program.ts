/** The commands of the fleet. */
import { Command } from 'commander';
import { agentCommand } from './commands/agent.ts';
import { attachCommand } from './commands/attach.ts';
import { auditCommand } from './commands/audit.ts';
import { checkCommand } from './commands/check.ts';
import type { CommandContext } from './commands/command-context.ts';
import { coordinatorCommand } from './commands/coordinator.ts';
import { coordinatorsCommand } from './commands/coordinators.ts';
import { historyCommand } from './commands/history/history.ts';
import { hostsCommand } from './commands/hosts.ts';
import { libraryCommand } from './commands/library/library.ts';

import { keysCommand } from './commands/keys/keys.ts';
import { queryCommand } from './commands/query.ts';
import { runCommand } from './commands/run.ts';
import { sessionsCommand } from './commands/sessions.ts';
import { stopCommand } from './commands/stop.ts';
import { timelineCommand } from './commands/timeline.ts';
import { tokenCommand } from './commands/token/token.ts';
import { upCommand } from './commands/up.ts';
import { VERSION } from './version.ts';

/** Commander hands these settings down only to commands it makes itself. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inherit(command);
  }
}

export function bpfleet(context: CommandContext): Command {
  const program = new Command('bpfleet')
    .description('bpftrace programs on a whole fleet, one answer')
    .version(VERSION, '-V, --version')
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.err })
    .exitOverride()
    // `local` takes bpftrace's own command line and never comes here; this is its line in the help.
    .addCommand(
      new Command('local').description('run a program on this machine only, as bpftrace does'),
    )
    .addCommand(upCommand(context))
    .addCommand(runCommand(context))
    .addCommand(checkCommand(context))
    .addCommand(hostsCommand(context))
    .addCommand(sessionsCommand(context))
    .addCommand(attachCommand(context))
    .addCommand(stopCommand(context))
    .addCommand(historyCommand(context))
    .addCommand(timelineCommand(context))
    .addCommand(queryCommand(context))
    .addCommand(libraryCommand(context))
    .addCommand(agentCommand(context))
    .addCommand(coordinatorCommand(context))
    .addCommand(coordinatorsCommand(context))
    .addCommand(keysCommand(context))
    .addCommand(tokenCommand(context))
    .addCommand(auditCommand(context));
  inherit(program);
  return program;
}
