/** One child process of a local fleet: its log lines are passed on with its name, and it ends with its parent. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { UserError } from '../terminal.ts';
import { endingWithParent } from './with-parent.ts';

export interface ServiceOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (text: string) => void;
}

const STOP_TIMEOUT_MS = 10_000;

export class ServiceProcess {
  /** How it ended, such as `exited with 1`. Never rejects. */
  readonly ended: Promise<string>;
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #watchers = new Set<(line: string) => void>();

  constructor(name: string, command: string, argv: readonly string[], options: ServiceOptions) {
    this.#name = name;
    const line = endingWithParent({ command, argv }, options.environment['PATH'] ?? '');
    this.#process = spawn(line.command, line.argv, {
      env: { ...options.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A Ctrl-C in the terminal must reach only the parent, which ends its children in order.
      detached: true,
    });
    this.ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(`cannot start: ${error.message}`));
      this.#process.once('exit', (code, signal) =>
        resolve(signal === null ? `exited with ${code}` : `was killed by ${signal}`),
      );
    });
    if (this.#process.stderr === null) return;
    createInterface({ input: this.#process.stderr }).on('line', (line) => {
      for (const watcher of this.#watchers) watcher(line);
      if (isNoteworthy(line)) options.log(`${name}: ${line}\n`);
    });
  }

  /** Waits for a log line. @throws UserError when the process ends first or the time is over */
  async output(pattern: RegExp, timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let watcher: (line: string) => void = () => {};
    const seen = new Promise<string>((resolve) => {
      watcher = (line) => {
        if (pattern.test(line)) resolve('');
      };
      this.#watchers.add(watcher);
    });
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('is not ready in time'), timeoutMs);
    });
    const fault = await Promise.race([seen, this.ended, late]);
    clearTimeout(timer);
    this.#watchers.delete(watcher);
    if (fault !== '') throw new UserError(`${this.#name} ${fault}`);
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }
}

/** Warnings and worse: nats-server marks them, pino numbers levels from 40. */
function isNoteworthy(line: string): boolean {
  return /\[(WRN|ERR|FTL)\]/.test(line) || /"level":(4|5|6)0/.test(line) || /^\S*Error/.test(line);
}
