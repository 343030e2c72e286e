/** `bpfleet history around`: what else happened near an event or a moment. */
import { Command, Option } from 'commander';
import { parseReference, type TimelineRequest } from '@bpfleet/protocol';
import { parseMoment } from '../../output/moment.ts';
import {
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { namedSession, printTimeline, threadNumber } from '../timeline.ts';
import { parseWithin } from './within.ts';

interface AroundFlags extends CoordinatorFlags {
  readonly at: string;
  readonly within: bigint;
  readonly host?: string;
  readonly pid?: number;
  readonly allPids?: boolean;
  readonly allHosts?: boolean;
  readonly allSessions?: boolean;
  readonly refs?: boolean;
  readonly json?: boolean;
}

function requestOf(ids: readonly string[], flags: AroundFlags, nowMs: number): TimelineRequest {
  const { at, within: withinNs, host, pid, allPids, allHosts, allSessions } = flags;
  const isEvent = parseReference(at) !== undefined;
  const widen = allHosts === true ? 'hosts' : allPids === true ? 'pids' : undefined;
  return {
    sessions: ids.map(namedSession),
    ...(host !== undefined && { host }),
    ...(pid !== undefined && { pid }),
    around: {
      ...(isEvent ? { event: at } : { atNs: parseMoment(at, nowMs) }),
      withinNs,
      ...(widen !== undefined && { widen }),
      ...(allSessions === true && { allSessions }),
    },
  };
}

export function aroundCommand(context: CommandContext): Command {
  const command = new Command('around')
    .description('show what else happened near an event, on its host and process, or near a moment')
    .argument('<id...>', 'sessions')
    .requiredOption(
      '--at <time or event>',
      'a time such as 10:30:00.25, or an event as "bpfleet timeline --refs" names it',
    )
    .option(
      '--within <duration>',
      'so long before and after: 500us, 10ms, 2s',
      parseWithin,
      10_000_000n,
    )
    .option('--host <name>', 'on this host')
    .option('--pid <pid>', 'of this process', threadNumber)
    .addOption(new Option('--all-pids', "of all processes on an event's host").conflicts('pid'))
    .addOption(new Option('--all-hosts', 'on all hosts').conflicts(['host', 'pid']))
    .option('--all-sessions', 'of all sessions that printed anything there')
    .option('--refs', 'name each event')
    .option('--json', 'one JSON object a line')
    .action(async (ids: readonly string[], flags: AroundFlags) => {
      await printTimeline(requestOf(ids, flags, Date.now()), flags, context);
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history around s4f2c81 --at web-1/17/203/5 --within 10ms',
    "bpfleet history around s4f2c81 --at '2026-11-23 10:30:00.250Z' --within 1s --host web-1 --all-sessions",
  ]);
}
