/** `bpfleet token`: who may use the API. */
import { Command } from 'commander';
import { withExamples, type CommandContext } from '../command-context.ts';
import { createTokenCommand } from './create.ts';
import { listTokensCommand } from './ls.ts';
import { revokeTokenCommand } from './revoke.ts';

const ROLES = `
Roles:
  viewer    hosts, live results, the history, SQL that reads
  operator  that, and to run and stop programs
  admin     that, and --unsafe, "history rm", tokens

With --file the coordinator's file of tokens is changed as it lies there, which
is how the first admin gets one; a coordinator that runs sees it at once.
Without, the coordinator is asked, for which you need to be an admin.`;

export function tokenCommand(context: CommandContext): Command {
  const command = new Command('token')
    .description('API tokens: make them, list them, take them back')
    .addCommand(createTokenCommand(context))
    .addCommand(listTokensCommand(context))
    .addCommand(revokeTokenCommand(context));
  return withExamples(command, [
    'bpfleet token create ann --role admin --file tokens.json',
    'bpfleet token create grafana --role viewer --expires 90d',
    'bpfleet token ls',
    'bpfleet token revoke 3f9c2a7d10be',
  ]).addHelpText('after', ROLES);
}
