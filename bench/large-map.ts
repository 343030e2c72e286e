/** Reading and printing a map of many keys, when a tracer is interrupted. */
import { closeSync, openSync } from 'node:fs';
import { startSyscallLoad } from '../test/support/syscall-load.ts';
import { Tracing, type Tracer } from './tracer.ts';

const KEYS = 200_000;
const PROGRAM = 'tracepoint:syscalls:sys_enter_getppid { @[nsecs] = 1; }';

/** Milliseconds from the interrupt to the end. */
export async function largeMapMs(tracer: Tracer): Promise<number> {
  const output = openSync('/dev/null', 'w');
  // The names that releases of bpftrace have for it.
  const limits = {
    BPFTRACE_MAP_KEYS_MAX: String(KEYS),
    BPFTRACE_MAX_MAP_KEYS: String(KEYS),
  };
  const tracing = new Tracing(tracer, PROGRAM, output, limits);
  try {
    const load = await startSyscallLoad(KEYS);
    await tracing.untilAttached();
    await load.run();
    const begin = performance.now();
    await tracing.stop();
    return performance.now() - begin;
  } finally {
    await tracing.stop();
    closeSync(output);
  }
}
