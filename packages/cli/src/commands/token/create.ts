/** `bpfleet token create`: the only time that a token's text is shown. */
import { Command, Option } from 'commander';
import type { TokenRequest } from '@bpfleet/protocol';
import { jsonLine } from '../../output/json-line.ts';
import { parseDuration } from '../../output/duration.ts';
import { withCoordinatorFlags, withExamples, type CommandContext } from '../command-context.ts';
import { tokenKeeper, type TokenFlags } from './token-keeper.ts';

interface CreateFlags extends TokenFlags {
  readonly role: TokenRequest['role'];
  readonly expires?: number;
}

export function createTokenCommand(context: CommandContext): Command {
  const command = new Command('create')
    .description('make a token; it is shown once, and kept as a hash')
    .argument('<name>', 'of the person or service that gets it; stands in the audit')
    .addOption(
      new Option('--role <role>', 'what it may do')
        .choices(['viewer', 'operator', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--expires <duration>', 'from now, such as 90d; absent, never', parseDuration)
    .option('--file <path>', 'the file of tokens itself, instead of asking the coordinator')
    .option('--json', 'one JSON object')
    .action(async (name: string, flags: CreateFlags) => {
      const { terminal } = context;
      const keeper = await tokenKeeper(flags, context);
      const made = await keeper.createToken({
        ...{ name, role: flags.role },
        ...(flags.expires !== undefined && { expiresInMs: flags.expires }),
      });
      if (flags.json === true) {
        terminal.out(jsonLine(made));
        return;
      }
      terminal.out(`${made.token}\n`);
      terminal.err('it is not shown again; BPFLEET_TOKEN or --token hands it to bpfleet\n');
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet token create ann --role admin --file tokens.json',
    'bpfleet token create ci --role operator --expires 30d --json',
  ]);
}
