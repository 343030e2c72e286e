/** How many printf lines a tracer delivers while events come faster than it can. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSyscallLoad } from '../test/support/syscall-load.ts';
import { Tracing, type Tracer } from './tracer.ts';

const EVENTS = 3_000_000;
const PROGRAM = 'tracepoint:syscalls:sys_enter_getppid { printf("event %d %s\\n", pid, comm); }';

function countLines(path: string): number {
  let lines = 0;
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    if (line.startsWith('event ')) lines += 1;
  }
  return lines;
}

/** Lines that arrived, for each second from the first event to the tracer's end. */
export async function printfPerSecond(tracer: Tracer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-bench-'));
  const path = join(folder, 'output');
  const output = openSync(path, 'w');
  const tracing = new Tracing(tracer, PROGRAM, output);
  try {
    const load = await startSyscallLoad(EVENTS);
    await tracing.untilAttached();
    const begin = performance.now();
    await load.run();
    await tracing.stop();
    return countLines(path) / ((performance.now() - begin) / 1000);
  } finally {
    await tracing.stop();
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}
