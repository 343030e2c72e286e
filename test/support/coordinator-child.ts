/** Starts `coordinator-process.ts`, and kills it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ApiClient } from './api-client.ts';
import { freePort } from './nats-server.ts';

const ENTRY = fileURLToPath(new URL('./coordinator-process.ts', import.meta.url));

export class CoordinatorChild {
  readonly #nats: string;
  readonly #store: string;
  readonly #port: number;
  readonly #clockAheadMs: number;
  #child: ChildProcess | undefined;

  private constructor(nats: string, store: string, port: number, clockAheadMs: number) {
    this.#clockAheadMs = clockAheadMs;
    this.#nats = nats;
    this.#store = store;
    this.#port = port;
  }

  /**
   * Resolves when its API answers.
   *
   * @param store folder of the embedded engine, or address of a server
   */
  static async start(nats: string, store: string, clockAheadMs = 0): Promise<CoordinatorChild> {
    const child = new CoordinatorChild(nats, store, await freePort(), clockAheadMs);
    await child.start();
    return child;
  }

  /** The address stays the same over restarts. */
  get api(): ApiClient {
    return new ApiClient(`http://127.0.0.1:${this.#port}`);
  }

  /** Stopped as a whole, as by a debugger or a machine that swaps. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', '--conditions=source'],
        ...[ENTRY, this.#nats, this.#store, String(this.#port)],
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, CLOCK_AHEAD_MS: String(this.#clockAheadMs) },
      },
    );
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('http://')) return;
    }
    throw new Error(`coordinator ended with ${child.exitCode}`);
  }

  /** The most memory that it had resident, bytes. */
  peakMemory(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  /** With SIGKILL, at whatever it is doing. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}
