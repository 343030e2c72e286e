/** How long the shortest program takes from the start of the process to its end. */
import { spawnSync } from 'node:child_process';
import type { Tracer } from './tracer.ts';

const PROGRAM = 'BEGIN { exit(); }';

/** Milliseconds of one run. */
export function startToExitMs({ name, command: [command = '', ...argv] }: Tracer): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(command, [...argv, '-e', PROGRAM], { encoding: 'utf8' });
  const elapsed = performance.now() - begin;
  if (status !== 0) throw new Error(`${name}: exit code ${status}: ${stderr}`);
  return elapsed;
}
