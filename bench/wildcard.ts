/** Attaching a wildcard of several hundred system calls, and being rid of it: the process has ended when all is detached. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Tracer } from './tracer.ts';

/** The interval is the last to be attached. */
const PROGRAM =
  'tracepoint:syscalls:sys_enter_* { @ = count(); } interval:ms:1 { printf("up\\n"); }';

export interface WildcardTimes {
  readonly attachMs: number;
  readonly detachMs: number;
}

export async function wildcardTimes(tracer: Tracer): Promise<WildcardTimes> {
  const [command = '', ...argv] = tracer.command;
  const started = performance.now();
  const child = spawn(command, [...argv, '-q', '-e', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const attached = performance.now();
  child.stdout.resume();
  child.kill('SIGINT');
  await exited;
  return { attachMs: attached - started, detachMs: performance.now() - attached };
}
