/** `bpfleet token ls`: whose tokens there are, and whether they still work. */
import { Command } from 'commander';
import type { TokenInfo } from '@bpfleet/protocol';
import { ago } from '../../output/duration.ts';
import { jsonLine } from '../../output/json-line.ts';
import { table } from '../../output/table.ts';
import { withCoordinatorFlags, withExamples, type CommandContext } from '../command-context.ts';
import { tokenKeeper, type TokenFlags } from './token-keeper.ts';

const HEADER = ['ID', 'NAME', 'ROLE', 'STATE', 'CREATED', 'EXPIRES'];

export function listTokensCommand(context: CommandContext): Command {
  const command = new Command('ls')
    .description('list tokens; their texts are kept nowhere')
    .option('--file <path>', 'the file of tokens itself, instead of asking the coordinator')
    .option('--json', 'one JSON object a line')
    .action(async (flags: TokenFlags) => {
      const tokens = await (await tokenKeeper(flags, context)).tokens();
      context.terminal.out(
        flags.json === true
          ? tokens.map(jsonLine).join('')
          : table(
              HEADER,
              tokens.map((token) => row(token, Date.now())),
            ),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet token ls',
    'bpfleet token ls --file tokens.json --json',
  ]);
}

function row(token: TokenInfo, nowMs: number): readonly string[] {
  const { id, name, role, state, createdAtMs, expiresAtMs } = token;
  const expires = expiresAtMs === undefined ? 'never' : new Date(expiresAtMs).toISOString();
  return [id, name, role, state, ago(createdAtMs, nowMs), expires];
}
