/** What a program costs in the kernel for each event, by the kernel's own run-time statistics. */
import { openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { startSyscallLoad } from '../test/support/syscall-load.ts';
import { Tracing, type Tracer } from './tracer.ts';

const EVENTS = 500_000;
const STATS = '/proc/sys/kernel/bpf_stats_enabled';

/** Switches the statistics on for as long as it is held. */
export function runTimeStatistics(): Disposable {
  const before = readFileSync(STATS, 'utf8');
  writeFileSync(STATS, '1');
  return { [Symbol.dispose]: () => writeFileSync(STATS, before) };
}

/** Nanoseconds for each event of `body` attached to a system call. */
export async function kernelNsPerEvent(tracer: Tracer, body: string): Promise<number> {
  const output = openSync('/dev/null', 'w');
  const tracing = new Tracing(tracer, `tracepoint:syscalls:sys_enter_getppid { ${body} }`, output);
  try {
    const load = await startSyscallLoad(EVENTS);
    await tracing.untilAttached();
    await load.run();
    const cost = tracing.cost();
    if (cost === undefined || cost.runs < EVENTS) {
      throw new Error(`${tracer.name}: ${cost?.runs ?? 0} runs of ${EVENTS} were seen`);
    }
    return cost.runTimeNs / cost.runs;
  } finally {
    await tracing.stop();
    closeSync(output);
  }
}
