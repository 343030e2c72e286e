/** `bpfleet timeline`: what sessions printed, in one order, with gaps, spans and pairs. */
import { Command, InvalidArgumentError } from 'commander';
import type { TimelineRequest } from '@bpfleet/protocol';
import { parseMoment } from '../output/moment.ts';
import { timelineJson } from '../output/timeline-json.ts';
import { TimelineText } from '../output/timeline-text.ts';
import { UserError } from '../terminal.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';
import { joinOption, spanOption } from './correlation-flags.ts';

interface TimelineFlags extends CoordinatorFlags {
  readonly host?: string;
  readonly pid?: number;
  readonly tid?: number;
  readonly from?: string;
  readonly to?: string;
  readonly span: readonly string[];
  readonly spans?: boolean;
  readonly join: readonly string[];
  readonly refs?: boolean;
  readonly json?: boolean;
}

export function threadNumber(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 0xffff_ffff))
    throw new InvalidArgumentError('not a number of a process or thread.');
  return number;
}

/** `client=s4f2c81` or `s4f2c81`. */
export function namedSession(text: string): TimelineRequest['sessions'][number] {
  const [, label, id] = /^([A-Za-z_][\w-]{0,63})=(.+)$/.exec(text) ?? [];
  return label === undefined || id === undefined ? { id: text } : { id, label };
}

/** Prints it as it comes. @throws {UserError} where it breaks off */
export async function printTimeline(
  request: TimelineRequest,
  flags: CoordinatorFlags & Pick<TimelineFlags, 'json' | 'refs'>,
  context: CommandContext,
): Promise<void> {
  const client = await connect(flags, context);
  const text = new TimelineText(flags.refs === true);
  for await (const item of client.timeline(request)) {
    if (item.kind === 'fault') throw new UserError(item.message);
    context.terminal.out(flags.json === true ? timelineJson(item) : text.line(item));
  }
}

function requestOf(ids: readonly string[], flags: TimelineFlags, nowMs: number): TimelineRequest {
  const { host, pid, tid, from, to, span, spans, join } = flags;
  const asked = spans === true ? [...span, 'auto'] : span;
  return {
    sessions: ids.map(namedSession),
    ...(host !== undefined && { host }),
    ...(pid !== undefined && { pid }),
    ...(tid !== undefined && { tid }),
    ...(from !== undefined && { fromNs: parseMoment(from, nowMs) }),
    ...(to !== undefined && { toNs: parseMoment(to, nowMs) }),
    ...(asked.length > 0 && { spans: asked }),
    ...(join.length > 0 && { joins: join }),
  };
}

export function timelineCommand(context: CommandContext): Command {
  const command = new Command('timeline')
    .description(
      'show what sessions printed in one order, thread by thread with the gaps, with spans and pairs',
    )
    .argument('<id...>', 'sessions; a join calls one by its label where it is given as LABEL=ID')
    .option('--host <name>', 'only of this host')
    .option('--pid <pid>', 'only of this process', threadNumber)
    .option('--tid <tid>', 'only of this thread', threadNumber)
    .option('--from <time>', 'from then on: 10:30, 2h (ago), 2026-11-23T10:30:00.5Z')
    .option('--to <time>', 'until then')
    .addOption(spanOption())
    .option('--spans', 'spans of all pairs of probes that print at both')
    .addOption(joinOption())
    .option('--refs', 'name each event, for "bpfleet history around ID --at EVENT"')
    .option('--json', 'one JSON object a line')
    .action(async (ids: readonly string[], flags: TimelineFlags) => {
      await printTimeline(requestOf(ids, flags, Date.now()), flags, context);
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet timeline s4f2c81 --host web-1 --pid 4711',
    'bpfleet timeline s4f2c81 s9d0a11 --spans',
    "bpfleet timeline client=s4f2c81 server=s9d0a11 --join 'client.port = server.port within 5ms'",
  ]);
}
