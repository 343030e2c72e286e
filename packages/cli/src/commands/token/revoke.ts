/** `bpfleet token revoke`: a token that works no longer. */
import { Command } from 'commander';
import { jsonLine } from '../../output/json-line.ts';
import { withCoordinatorFlags, withExamples, type CommandContext } from '../command-context.ts';
import { tokenKeeper, type TokenFlags } from './token-keeper.ts';

export function revokeTokenCommand(context: CommandContext): Command {
  const command = new Command('revoke')
    .description('end a token at once; it stays in the list')
    .argument('<id>', 'as "bpfleet token ls" shows it, the part between bpf_ and the next _')
    .option('--file <path>', 'the file of tokens itself, instead of asking the coordinator')
    .option('--json', 'one JSON object')
    .action(async (id: string, flags: TokenFlags) => {
      const revoked = await (await tokenKeeper(flags, context)).revokeToken(id);
      const { name } = revoked;
      context.terminal.out(flags.json === true ? jsonLine(revoked) : `revoked ${id} of ${name}\n`);
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet token revoke 3f9c2a7d10be',
    'bpfleet token revoke 3f9c2a7d10be --file tokens.json',
  ]);
}
