/** `bpfleet history rerun`: the same program once more, on the same hosts unless others are named. */
import { Command } from 'commander';
import type { RunRequest } from '@bpfleet/protocol';
import { newSessionId } from '../../session-id.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
} from '../command-context.ts';
import { hostOption, labelOption } from '../labels.ts';
import { requestFlags, runRequest, withSessionFlags, type SessionFlags } from '../run-request.ts';

interface RerunFlags extends SessionFlags {
  readonly label: Readonly<Record<string, string>>;
  readonly host: readonly string[];
}

/** Hosts that are named replace all that the session was for. */
function again(before: RunRequest, flags: RerunFlags, who: string): RunRequest {
  const { host: hosts, label: labels } = flags;
  const others = hosts.length > 0 || Object.keys(labels).length > 0;
  const changes = requestFlags(flags);
  const budget = { ...before.budget, ...changes.budget };
  return {
    ...before,
    ...changes,
    id: newSessionId(),
    who,
    ...(others && { selector: { hosts, labels } }),
    ...(Object.keys(budget).length > 0 && { budget }),
  };
}

export function rerunCommand(context: CommandContext): Command {
  const command = new Command('rerun')
    .description(
      'run the program of a past session again, with its files, parameters, hosts, budget and duration; flags replace them',
    )
    .argument('<id>', 'session, or the beginning of its id')
    .addOption(labelOption('other hosts: those with this label'))
    .addOption(hostOption());
  withSessionFlags(command).action(async (id: string, flags: RerunFlags) => {
    const client = await connect(flags, context);
    const request = again(await client.requestOf(id), flags, context.terminal.userName);
    context.finish(await runRequest(request, flags, context));
  });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history rerun s4f2c81',
    'bpfleet history rerun s4f -l role=db --for 1m --by-host',
  ]);
}
