/** The program of `-c`: started and held before its first instruction until the probes are attached. */
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { constants as constantsOf } from 'node:os';
import { delimiter, join } from 'node:path';

/** Milliseconds between looks at whether the child has stopped itself. */
const LOOK_MS = 2;

export class TracedCommand {
  readonly pid: number;
  /** The program's file. */
  readonly path: string;
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, pid: number, path: string) {
    this.#child = child;
    this.path = path;
    this.pid = pid;
    this.ended = new Promise((resolve) => {
      child.once('exit', () => resolve());
    });
  }

  /** Splits the command at blanks, as bpftrace does. Throws when there is no such program. */
  static async start(command: string, path: string): Promise<TracedCommand> {
    const [program = '', ...parameters] = command.trim().split(/\s+/);
    if (program === '') throw new Error('Empty command');
    const file = findProgram(program, path);
    // The shell stops itself and becomes the program under the same pid when it is let go.
    const child = spawn('/bin/sh', ['-c', 'kill -STOP $$; exec "$@"', 'sh', file, ...parameters], {
      stdio: 'inherit',
    });
    const { pid } = child;
    if (pid === undefined) throw new Error(`run '${command}': /bin/sh did not start`);
    const traced = new TracedCommand(child, pid, file);
    await traced.stopped();
    if (child.exitCode !== null) throw new Error(`run '${command}': it ended before it began`);
    return traced;
  }

  /** Resolves when it has stopped itself, or ended. */
  async stopped(): Promise<void> {
    while (stateOf(this.pid) !== 'T') {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** How it ended, in bpftrace's words; undefined while it runs. */
  get outcome(): string | undefined {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null) return `Child exited with code: ${exitCode}`;
    return signalCode === null
      ? undefined
      : `Child terminated by signal: ${constantsOf.signals[signalCode]}`;
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Ends the program if it still runs. */
  kill(): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    this.#child.kill('SIGCONT');
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function findProgram(program: string, path: string): string {
  const candidates = program.includes('/')
    ? [program]
    : path.split(delimiter).map((directory) => join(directory, program));
  for (const candidate of candidates) {
    if (isProgram(candidate)) return candidate;
  }
  const reason =
    program === '' ? 'Empty command' : `Path '${program}' does not exist or is not executable`;
  throw new Error(`Failed to fork child: ${reason} (No such file or directory)`);
}

/** The state letter of proc(5), or undefined when the process is gone. */
function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2)[0];
  } catch {
    return undefined;
  }
}
