/** A coordinator that has one CPU for itself, and what the kernel knows of it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../../test/support/api-client.ts';
import { TASKSET } from './keep-off-cpu.ts';

const ENTRY = fileURLToPath(new URL('../../test/support/coordinator-process.ts', import.meta.url));
const TICKS_PER_SECOND = 100;

export interface CoordinatorPlace {
  readonly nats: string;
  /** Undefined: wherever the kernel likes. */
  readonly cpu: number | undefined;
  /** Folder for a profile of where its time goes. */
  readonly profile?: string | undefined;
}

export class PinnedCoordinator {
  readonly api: ApiClient;
  readonly #child: ChildProcess;
  readonly #store: string;

  private constructor(child: ChildProcess, url: string, store: string) {
    this.#child = child;
    this.api = new ApiClient(url);
    this.#store = store;
  }

  static async start({ nats, cpu, profile }: CoordinatorPlace): Promise<PinnedCoordinator> {
    const store = await mkdtemp(join(tmpdir(), 'bpfleet-simulate-'));
    const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
    const command = [
      ...(cpu !== undefined && existsSync(TASKSET) ? [TASKSET, '-c', String(cpu)] : []),
      ...[process.execPath, ...profiling, '--import', 'tsx', '--conditions=source'],
      ...[ENTRY, nats, store, '0'],
    ];
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('http://')) return new PinnedCoordinator(child, line, store);
    }
    await rm(store, { recursive: true, force: true });
    throw new Error(`coordinator ended with ${child.exitCode}`);
  }

  /** CPU time of all its threads so far. */
  cpuMs(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
    return ((user + system) * 1_000) / TICKS_PER_SECOND;
  }

  /** CPU time of the thread that merges, without those of the store. */
  mainThreadMs(): number {
    const { pid } = this.#child;
    const text = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8');
    return Number(text.split(' ')[0]) / 1e6;
  }

  /** Resident now, and the most there was, bytes. */
  memory(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    const bytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
    await rm(this.#store, { recursive: true, force: true });
  }
}
