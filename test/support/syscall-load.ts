/**
 * A program that makes an exact number of getppid calls, which nothing else in these tests makes: known truth to
 * compare counts with. It is a C program of its own name, so that `comm` finds it, and it shows its pid before
 * it begins.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The load's `comm`. */
export const LOAD_NAME = 'getppid-load';

const SOURCE = `
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    printf("%d\\n", getpid());
    fflush(stdout);
    getchar();
    for (long i = 0; i < count; i++)
        syscall(SYS_getppid);
    return 0;
}
`;

/** Disposing ends the process if it still waits. */
export interface SyscallLoad extends Disposable {
  readonly pid: number;
  /** Makes the calls; resolves when the process has ended. */
  run(): Promise<void>;
}

let directory: string | undefined;

/** The path of the program `getppid-load N`, built at the first call; it waits for end of input to begin. */
export function buildSyscallLoad(): string {
  if (directory === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'bpfleet-load-'));
    process.on('exit', () => {
      rmSync(made, { recursive: true, force: true });
    });
    const source = join(made, 'load.c');
    writeFileSync(source, SOURCE);
    execFileSync('gcc', ['-O1', '-o', join(made, LOAD_NAME), source]);
    directory = made;
  }
  return join(directory, LOAD_NAME);
}

/** Starts the program, which waits until `run`. */
export async function startSyscallLoad(count: number): Promise<SyscallLoad> {
  const child = spawn(buildSyscallLoad(), [String(count)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    pid: Number(chunk.toString()),
    async run(): Promise<void> {
      child.stdin.end();
      const [code] = (await exited) as [number | null];
      if (code !== 0) throw new Error(`${LOAD_NAME}: exit code ${String(code)}`);
    },
    [Symbol.dispose](): void {
      child.kill();
    },
  };
}

export type ThreeLoads = readonly [SyscallLoad, SyscallLoad, SyscallLoad];

/** For before, during and after a fault. */
export async function startThreeLoads(count: number): Promise<ThreeLoads> {
  const load = async (): Promise<SyscallLoad> => startSyscallLoad(count);
  return Promise.all([load(), load(), load()] as const);
}
