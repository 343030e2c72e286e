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

export interface PrintfRate {
  /** Lines that arrived, for each second from the first event to the tracer's end. */
  readonly perSecond: number;
  /** Of all lines, in percent. */
  readonly lost: number;
}

export async function printfRate(tracer: Tracer): Promise<PrintfRate> {
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
    const seconds = (performance.now() - begin) / 1000;
    const lines = countLines(path);
    return { perSecond: lines / seconds, lost: 100 * (1 - lines / EVENTS) };
  } finally {
    await tracing.stop();
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}
