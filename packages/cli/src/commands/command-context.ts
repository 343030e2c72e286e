/** What every fleet command needs, and the options they share. */
import type { Command } from 'commander';
import { ApiClient } from '../api-client.ts';
import { findCoordinator } from '../config.ts';
import type { Terminal } from '../terminal.ts';

export interface CommandContext {
  readonly terminal: Terminal;
  /** Sets the exit code of the process. */
  readonly finish: (exitCode: number) => void;
}

export interface CoordinatorFlags {
  readonly url?: string;
  readonly token?: string;
  readonly ca?: string;
}

export function withCoordinatorFlags(command: Command): Command {
  return command
    .option(
      '--url <urls>',
      'the coordinator, or several with commas between (BPFLEET_URL; default http://127.0.0.1:8080)',
    )
    .option('--token <token>', 'API token (BPFLEET_TOKEN)')
    .option('--ca <file>', 'certificate of the authority of an https:// coordinator (BPFLEET_CA)');
}

export function withExamples(command: Command, examples: readonly string[]): Command {
  const lines = examples.map((example) => `  ${example}\n`).join('');
  return command.addHelpText('after', `\nExamples:\n${lines.trimEnd()}`);
}

export async function connect(
  flags: CoordinatorFlags,
  { terminal }: CommandContext,
): Promise<ApiClient> {
  return new ApiClient(await findCoordinator(flags, terminal));
}
