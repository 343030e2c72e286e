/** The real CLI as a child process, with what it prints kept and awaited. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));
/** What is built starts in a third of the time; sources newer than it are run as they are. */
const COMMAND: readonly string[] = isBuilt()
  ? [join(PACKAGES, 'cli/dist/main.js')]
  : ['--import', 'tsx', '--conditions=source', join(PACKAGES, 'cli/src/main.ts')];
/** Far longer than anything takes: whoever waits that long would wait for ever. */
const PATIENCE_MS = 60_000;

export interface Finished {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number | null;
}

export interface LaunchOptions {
  /** All of standard input; it has none when absent. */
  readonly input?: string;
  /** A command that runs the one after it, such as `setpriv`. */
  readonly wrapper?: readonly string[];
}

export class BpfleetProcess {
  /** The program that is run and its first arguments, for those who start it in another way. */
  static readonly command: readonly string[] = [process.execPath, ...COMMAND];
  readonly #child: ChildProcess;
  readonly #argv: readonly string[];
  readonly #closed: Promise<readonly unknown[]>;
  #out = '';
  #err = '';
  #watchers: (() => void)[] = [];

  /** @param environment added to this process's own */
  constructor(
    argv: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    { input, wrapper = [] }: LaunchOptions = {},
  ) {
    this.#argv = argv;
    const [program, ...rest] = [...wrapper, ...BpfleetProcess.command, ...argv];
    this.#child = spawn(program ?? process.execPath, rest, {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // Without what the test runner tells its own children, and apart from the user's configuration.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, HOME: '/nonexistent', ...environment },
    });
    this.#closed = once(this.#child, 'close');
    this.#child.stdin?.end(input);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
      this.#notify();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text;
      this.#notify();
    });
    this.#child.once('close', () => this.#notify());
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get out(): string {
    return this.#out;
  }

  get err(): string {
    return this.#err;
  }

  /** Resolves with the match once standard output or standard error has it. @throws when it ends without */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const match = pattern.exec(this.#err) ?? pattern.exec(this.#out);
      if (match !== null) return match;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`${this.#describe()} ended without printing ${String(pattern)}`);
      }
      if (performance.now() > deadline) {
        throw new Error(`${this.#describe()} does not print ${String(pattern)}`);
      }
      await this.#news();
    }
  }

  /** What it printed, once it has ended. @throws when it does not end, having killed it */
  async finished(): Promise<Finished> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#child.kill('SIGKILL');
    }, PATIENCE_MS);
    await this.#closed;
    clearTimeout(timer);
    if (late) throw new Error(`${this.#describe()} did not end`);
    return { out: this.#out, err: this.#err, exitCode: this.#child.exitCode };
  }

  /** Without waiting for what it does about it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Resolves when it has ended. */
  async kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<Finished> {
    this.#child.kill(signal);
    return this.finished();
  }

  #describe(): string {
    return `bpfleet ${this.#argv.join(' ')}\n${this.#out.slice(-4000)}\n${this.#err.slice(-4000)}\n`;
  }

  async #news(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      this.#watchers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #notify(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

function isBuilt(): boolean {
  return readdirSync(PACKAGES).every((name) => {
    const build = statSync(join(PACKAGES, name, 'tsconfig.tsbuildinfo'), { throwIfNoEntry: false });
    const source = join(PACKAGES, name, 'src');
    return (
      build !== undefined &&
      readdirSync(source, { recursive: true, encoding: 'utf8' }).every(
        (path) => statSync(join(source, path)).mtimeMs <= build.mtimeMs,
      )
    );
  });
}
