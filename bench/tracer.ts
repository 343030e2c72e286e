/** The two tracers that are compared, as processes with one command line. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface Tracer {
  readonly name: string;
  readonly command: readonly string[];
}

export const bpfleet: Tracer = {
  name: 'bpfleet',
  command: [process.execPath, join(import.meta.dirname, '../packages/cli/bin/bpfleet.js'), 'local'],
};

/** Debian's. */
export const bpftrace: Tracer = { name: 'bpftrace', command: ['bpftrace'] };

const ATTACH_TIMEOUT_MS = 30_000;
/** From the program being loaded to its being attached, generously; neither tracer says when in the same way. */
const SETTLE_MS = 1000;

export interface ProgramCost {
  readonly runTimeNs: number;
  readonly runs: number;
}

export class Tracing {
  readonly #process: ChildProcess;
  #errors = '';

  /**
   * @param output file descriptor that gets what the program prints
   * @param environment added to this process's own
   */
  constructor(
    tracer: Tracer,
    program: string,
    output: number,
    environment: Readonly<Record<string, string>> = {},
  ) {
    const [command = '', ...argv] = tracer.command;
    this.#process = spawn(command, [...argv, '-e', program], {
      stdio: ['ignore', output, 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
  }

  /** Throws with the tracer's own words when it ends instead. */
  async untilAttached(): Promise<void> {
    const deadline = performance.now() + ATTACH_TIMEOUT_MS;
    while (!this.#hasPerfEvent() || this.cost() === undefined) {
      if (this.#process.exitCode !== null || performance.now() > deadline) {
        throw new Error(`not attached: ${this.#errors}`);
      }
      await sleep(20);
    }
    await sleep(SETTLE_MS);
  }

  /** Of the program that ran most, by BPF run-time statistics; undefined while none is loaded. */
  cost(): ProgramCost | undefined {
    return this.#descriptors()
      .flatMap((fd) => {
        const info = readOrEmpty(`/proc/${this.#process.pid}/fdinfo/${fd}`);
        const runTimeNs = /^run_time_ns:\s+(\d+)$/m.exec(info)?.[1];
        const runs = /^run_cnt:\s+(\d+)$/m.exec(info)?.[1];
        return runTimeNs === undefined
          ? []
          : [{ runTimeNs: Number(runTimeNs), runs: Number(runs) }];
      })
      .toSorted((a, b) => b.runs - a.runs)[0];
  }

  /** Interrupts it and waits for its end. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    await exited;
  }

  #hasPerfEvent(): boolean {
    return this.#descriptors().some((fd) => {
      try {
        return readlinkSync(`/proc/${this.#process.pid}/fd/${fd}`).includes('perf_event');
      } catch {
        return false;
      }
    });
  }

  #descriptors(): readonly string[] {
    try {
      return readdirSync(`/proc/${this.#process.pid}/fd`);
    } catch {
      return [];
    }
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
