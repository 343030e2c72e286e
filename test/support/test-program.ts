/** C programs that do a known thing once told to: the truth that traces are compared with. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('programs', import.meta.url));
const LIBRARIES = fileURLToPath(new URL('libraries', import.meta.url));

/** Frame pointers, and calls that stay calls, so that stacks are known. */
const FLAGS = ['-O1', '-fno-omit-frame-pointer', '-fno-optimize-sibling-calls'];

export interface RunningProgram {
  readonly pid: number;
  /** Lets it do its work; resolves when that is done and the process still lives. */
  work(): Promise<void>;
  /** Resolves with its exit code when it has ended. */
  end(): Promise<number | null>;
}

let directory: string | undefined;

/** A directory of this process, gone when it ends. */
export function testDirectory(): string {
  if (directory === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'bpfleet-test-'));
    process.on('exit', () => {
      rmSync(made, { recursive: true, force: true });
    });
    directory = made;
  }
  return directory;
}

/** Compiles `test/support/programs/NAME.c`; gives the path of the program, called `as`. */
export function buildProgram(
  name: string,
  as: string = name,
  flags: readonly string[] = [],
): string {
  const path = join(testDirectory(), as);
  execFileSync('gcc', [...FLAGS, ...flags, '-o', path, join(SOURCES, `${name}.c`), '-pthread']);
  return path;
}

/** Compiles `test/support/libraries/NAME.c` into a shared library, called `as`; gives its path. */
export function buildLibrary(name: string, as: string, flags: readonly string[] = []): string {
  const path = join(testDirectory(), as);
  const source = join(LIBRARIES, `${name}.c`);
  execFileSync('gcc', [...FLAGS, '-fPIC', '-shared', ...flags, '-o', path, source]);
  return path;
}

/** Starts a program that says `ready`, and `done` after its work, and waits for a byte of input each time. */
export async function startProgram(
  path: string,
  ...parameters: readonly string[]
): Promise<RunningProgram> {
  const child = spawn(path, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const { pid } = child;
  await once(child.stdout, 'data');
  if (pid === undefined) throw new Error(`${basename(path)} did not start`);
  await untilItReads(pid);
  return {
    pid,
    async work(): Promise<void> {
      const done = once(child.stdout, 'data');
      child.stdin.write('\n');
      await done;
      await untilItReads(pid);
    },
    async end(): Promise<number | null> {
      child.stdin.end();
      const [code] = (await exited) as [number | null];
      process.off('exit', kill);
      return code;
    },
  };
}

/** What it calls after saying so is its wait for input: whether a trace has that call must not depend on speed. */
async function untilItReads(pid: number): Promise<void> {
  const reads = process.arch === 'x64' ? /^0 0x0 / : /^63 0x0 /;
  while (!reads.test(readFileSync(`/proc/${pid}/syscall`, 'utf8'))) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
