/** `bpfleet run`: one program on many hosts. */
import { Command } from 'commander';
import type { RunRequest } from '@bpfleet/protocol';
import { newSessionId } from '../session-id.ts';
import { withCoordinatorFlags, withExamples, type CommandContext } from './command-context.ts';
import { programRequest, withProgramFlags, type ProgramFlags } from './program-request.ts';
import { requestFlags, runRequest, withSessionFlags, type SessionFlags } from './run-request.ts';

type RunFlags = ProgramFlags & SessionFlags;

async function run(
  operands: readonly string[],
  flags: RunFlags,
  context: CommandContext,
): Promise<number> {
  const request: RunRequest = {
    id: newSessionId(),
    ...(await programRequest(operands, flags, context.terminal)),
    ...requestFlags(flags),
  };
  return runRequest(request, flags, context);
}

export function runCommand(context: CommandContext): Command {
  const command = new Command('run').description(
    'run a program on the fleet and print one merged answer',
  );
  withSessionFlags(withProgramFlags(command)).action(
    async (file: string | undefined, parameters: readonly string[], flags: RunFlags) => {
      const operands = file === undefined ? [] : [file, ...parameters];
      context.finish(await run(operands, flags, context));
    },
  );
  return withExamples(withCoordinatorFlags(command), [
    "bpfleet run -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }' --for 10s",
    'bpfleet run -l role=db latency.bt 42',
    "bpfleet run --host web-1,web-2 --by-host -e 'profile:hz:99 { @[kstack] = count(); }'",
    "bpfleet run --pod app=web -n shop -e 'tracepoint:syscalls:sys_enter_openat { @[pod, comm] = count(); }'",
    'bpfleet run --workload deploy/web --container nginx trace.bt',
    "bpfleet run --wait 40 --at-least 95% -l role=web -e 'tracepoint:sched:sched_switch { @ = count(); }' --for 1m",
    "bpfleet run --max-cpu 0.2% --max-events 5000 -e 'tracepoint:syscalls:sys_enter_openat { print(comm); }'",
    "bpfleet run trace.bt --span 'read: enter=tracepoint:syscalls:sys_enter_read exit=tracepoint:syscalls:sys_exit_read by tid'",
    "bpfleet run rpc.bt --join 'client.id = server.id within 5ms'",
    'bpfleet run --detach -e \'tracepoint:oom:mark_victim { printf("%d\\n", args.pid); }\'',
  ]);
}
