/** A shell line in a session of its own, its two outputs merged in the order they were written. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  /** 128 and the signal's number when a signal ended it, as shells count. */
  readonly exitCode: number;
}

export interface ShellProcessOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** How long output may follow the end of the shell: a program in the background keeps it open. */
const LATE_OUTPUT_MS = 500;

let count = 0;

/** One pipe for both outputs: what Node makes for a child are sockets, one for each. */
function pipe(): { readonly reader: Socket; readonly writer: number } {
  const path = join(tmpdir(), `bpfleet-conformance-${process.pid}-${count++}`);
  execFileSync('mkfifo', ['-m', '600', path]);
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  rmSync(path);
  return { reader: new Socket({ fd: readFd, readable: true, writable: false }), writer };
}

export class ShellProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #output = '';
  #forgotten = 0;

  constructor(line: string, { directory, environment, onLine }: ShellProcessOptions) {
    const { reader, writer } = pipe();
    this.#child = spawn('/bin/bash', ['-c', line], {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: ['ignore', writer, writer],
    });
    closeSync(writer);
    let partial = '';
    reader.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      const lines = `${partial}${text}`.split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        const exitCode = code ?? (signal === 'SIGKILL' ? 137 : 143);
        const finish = (): void => {
          clearTimeout(late);
          reader.destroy();
          resolve({ exitCode });
        };
        const late = setTimeout(finish, LATE_OUTPUT_MS);
        if (reader.readableEnded) finish();
        else reader.once('end', finish);
      });
    });
  }

  get output(): string {
    return this.#output.slice(this.#forgotten).replaceAll('\r\n', '\n');
  }

  /** Drops what was printed up to and with the first line that is `line`. */
  forgetThrough(line: string): void {
    const at = `\n${this.#output}`.indexOf(`\n${line}\n`);
    if (at >= 0) this.#forgotten = at + line.length + 1;
  }

  /** To all processes of its session that did not leave its group. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    killGroup(this.#child.pid, signal);
  }
}

export function killGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
