/** Leaves one CPU to the coordinator: this process and all that it starts run on the others. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

export const TASKSET = '/usr/bin/taskset';

export function keepOffCpu(cpu: number): void {
  const others = Array.from({ length: availableParallelism() }, (_, index) => index).filter(
    (index) => index !== cpu,
  );
  if (others.length === 0 || !existsSync(TASKSET)) return;
  execFileSync(TASKSET, ['-a', '-c', '-p', others.join(','), String(process.pid)]);
}
