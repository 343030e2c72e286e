/** The processes around a case: those that must run before it, and what is run once it traces. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConformanceCase } from './conformance-case.ts';
import { killGroup } from './shell-process.ts';

/** The kernel keeps as many bytes of a program's name. */
const COMM_LENGTH = 15;
const POLL_MS = 10;

function words(command: string): string[] {
  return command.trim().split(/\s+/);
}

/** The name of the program that runs in the end: a wrapper's last argument. */
function finalName(command: string): string {
  return basename(words(command).at(-1) ?? '').slice(0, COMM_LENGTH);
}

function firstChild(pid: number): number | undefined {
  const [child] = readProcess(pid, `task/${pid}/children`).split(' ');
  return child === undefined || child === '' ? undefined : Number(child);
}

function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').trim();
  } catch {
    return '';
  }
}

export class CaseSurroundings {
  readonly #case: ConformanceCase;
  readonly #directory: string;
  readonly #patienceMs: number;
  readonly #children: ChildProcess[] = [];
  #after: Promise<void> | undefined;
  /** Puts a command into the namespace of the first program. */
  #prefix: readonly string[] = [];
  #firstPid: number | undefined;

  constructor(testCase: ConformanceCase, directory: string, patienceMs: number) {
    this.#case = testCase;
    this.#directory = directory;
    this.#patienceMs = patienceMs;
  }

  /** In front of the tracer's command line. */
  get prefix(): string {
    return this.#prefix.map((word) => `${word} `).join('');
  }

  get firstPid(): number | undefined {
    return this.#firstPid;
  }

  /** Starts the programs of BEFORE, and waits until each of them runs. @throws when one does not */
  async start(): Promise<void> {
    const { befores, newPidNamespace } = this.#case;
    for (const [index, command] of befores.entries()) {
      if (newPidNamespace && index === 0) await this.#startNamespace(command);
      else if (newPidNamespace) this.#spawn([...this.#prefix, ...this.#absolute(command)]);
      else await this.#startNamed(command);
    }
  }

  runAfter(): void {
    const { after, newPidNamespace } = this.#case;
    if (after === undefined) return;
    const child = newPidNamespace
      ? this.#spawn([...this.#prefix, ...this.#absolute(after)])
      : this.#spawn(['/bin/bash', '-c', after]);
    this.#after = new Promise((done) => {
      child.once('exit', () => done());
      child.once('error', () => done());
    });
  }

  /** AFTER may still be at work on what CLEANUP takes away. */
  async end(graceMs: number): Promise<void> {
    const late = new AbortController();
    await Promise.race([
      this.#after,
      delay(graceMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
    for (const { pid } of this.#children) killGroup(pid, 'SIGKILL');
  }

  async #startNamed(command: string): Promise<void> {
    const child = this.#spawn(words(command));
    const { pid } = child;
    const name = finalName(command);
    await this.#until(
      () => pid !== undefined && readProcess(pid, 'comm') === name,
      `BEFORE ${command}`,
    );
    this.#firstPid ??= pid;
  }

  async #startNamespace(command: string): Promise<void> {
    const unshare = ['unshare', '--fork', '--pid', '--mount-proc', '-r', '--kill-child', '--'];
    const { pid } = this.#spawn([...unshare, ...words(command)]);
    await this.#until(() => pid !== undefined && firstChild(pid) !== undefined, 'a PID namespace');
    this.#prefix = ['nsenter', '-p', '-m', '-t', String(firstChild(pid ?? 0))];
  }

  #absolute(command: string): string[] {
    return words(command).map((word) => resolve(this.#directory, word));
  }

  #spawn(argv: readonly string[]): ChildProcess {
    const [program = '', ...rest] = argv;
    const child = spawn(program, rest, {
      cwd: this.#directory,
      detached: true,
      stdio: 'ignore',
    });
    child.once('error', () => undefined);
    this.#children.push(child);
    return child;
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + this.#patienceMs;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await delay(POLL_MS);
    }
  }
}
