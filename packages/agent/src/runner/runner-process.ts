/** A runner as its supervisor sees it: a child process that holds one session's probes. */
import { fork, type ChildProcess } from 'node:child_process';
import type { Usage } from '../governor/usage.ts';
import type { FromRunner, ToRunner } from './messages.ts';

/** How a runner ended: in order, or by a signal or exit code nobody asked for. */
export type RunnerEnd = { readonly kind: 'done' } | { readonly kind: 'died'; readonly how: string };

export class RunnerProcess {
  readonly ended: Promise<RunnerEnd>;
  readonly #child: ChildProcess;
  #done = false;
  #onUsage: (usage: Usage) => void = () => undefined;

  constructor(entry: URL, environment: NodeJS.ProcessEnv) {
    this.#child = fork(entry, [], {
      serialization: 'advanced',
      // For detaching many probes at once: their programs are stopped on as many threads.
      env: { UV_THREADPOOL_SIZE: '64', ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromRunner) => {
      if (message.kind === 'done') this.#done = true;
      if (message.kind === 'usage') this.#onUsage(message.usage);
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve({ kind: 'died', how: error.message }));
      this.#child.once('exit', (code, signal) => {
        if (this.#done) resolve({ kind: 'done' });
        else resolve({ kind: 'died', how: signal ?? `exit code ${code ?? 'unknown'}` });
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Called with what its session has taken so far. */
  onUsage(onUsage: (usage: Usage) => void): void {
    this.#onUsage = onUsage;
  }

  send(message: ToRunner): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** Lets an idle runner go: it ends when its channel closes. */
  release(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
