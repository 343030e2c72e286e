/** A runner as its supervisor sees it: a child process that holds one session's probes. */
import { fork, type ChildProcess } from 'node:child_process';
import type { Usage } from '../governor/usage.ts';
import type { FromRunner, RunnerOutcome, SharedMaps, ToRunner } from './messages.ts';
import { processState } from './process-state.ts';
import { Silence } from './silence.ts';

/** How a runner ended: in order, if need be with frames that nobody took; or in a way nobody asked for. */
export type RunnerEnd =
  ({ readonly kind: 'done' } & RunnerOutcome) | { readonly kind: 'died'; readonly how: string };

/** A runner that waits for something and says nothing for so long hangs. A busy one may take its time. */
const HUNG_MS = 60_000;

export class RunnerProcess {
  readonly ended: Promise<RunnerEnd>;
  readonly #child: ChildProcess;
  readonly #silence = new Silence(performance.now());
  #done: Extract<FromRunner, { kind: 'done' }> | undefined;
  #killedFor: string | undefined;
  #refusal: string | undefined;
  #onUsage: (usage: Usage) => void = () => undefined;
  #onShared: (maps: SharedMaps) => void = () => undefined;

  constructor(entry: URL, environment: NodeJS.ProcessEnv) {
    this.#child = fork(entry, [], {
      serialization: 'advanced',
      // For detaching many probes at once: their programs are stopped on as many threads.
      env: { UV_THREADPOOL_SIZE: '64', ...environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromRunner) => {
      this.#silence.heard(performance.now());
      if (message.kind === 'done') this.#done = message;
      if (message.kind === 'alive') this.#refusal = message.refusal;
      if (message.kind === 'shared') this.#onShared(message.maps);
      if (message.kind === 'usage') this.#onUsage(message.usage);
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        // Of a process that lives or did, its exit is told.
        if (this.#child.pid === undefined) resolve({ kind: 'died', how: error.message });
      });
      this.#child.once('exit', (code, signal) => {
        if (this.#done !== undefined) resolve(this.#done);
        else if (this.#killedFor !== undefined) resolve({ kind: 'died', how: this.#killedFor });
        else resolve({ kind: 'died', how: signal ?? `exit code ${code ?? 'unknown'}` });
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Why the broker does not take its frames at the moment. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Called with what its session has taken so far. */
  onUsage(onUsage: (usage: Usage) => void): void {
    this.#onUsage = onUsage;
  }

  /** Called when its session is armed, with maps of it that others may hold. */
  onShared(onShared: (maps: SharedMaps) => void): void {
    this.#onShared = onShared;
  }

  send(message: ToRunner): void {
    // A runner that has just ended cannot be told anything more.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Lets an idle runner go: it ends when its channel closes. */
  release(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  /**
   * Called about once a second. Tells the runner that its supervisor lives; kills one that has been stopped for
   * `patienceMs`, or hangs: nobody would take its probes away.
   */
  watch(patienceMs: number): void {
    this.send({ kind: 'alive' });
    const silentMs = this.#silence.tick(performance.now());
    if (silentMs < Math.min(patienceMs, HUNG_MS) || this.pid === undefined) return;
    const state = processState(this.pid);
    if (state === 'stopped') this.#kill(`stopped for ${seconds(silentMs)}, then killed`);
    if (state === 'waiting' && silentMs >= HUNG_MS) {
      this.#kill(`silent for ${seconds(silentMs)}, then killed`);
    }
  }

  #kill(why: string): void {
    this.#killedFor ??= why;
    this.#child.kill('SIGKILL');
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
