/** A process of simulated hosts, seen from the simulation: several are needed to keep one coordinator busy. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromHosts, StoredRound, ToHosts } from './host-messages.ts';

const ENTRY = fileURLToPath(new URL('./host-process-main.ts', import.meta.url));

export interface HostProcessOptions extends Omit<ToHosts & { readonly kind: 'start' }, 'kind'> {
  /** Called soon after the stream has stored rounds. */
  readonly onStored: (rounds: readonly StoredRound[]) => void;
}

export class HostProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, 'exit');
  }

  /** Resolves when all its hosts are connected. @throws if it dies before */
  static async start({ onStored, ...options }: HostProcessOptions): Promise<HostProcess> {
    const child = fork(ENTRY, { execArgv: ['--import', 'tsx', '--conditions=source'] });
    const hosts = new HostProcess(child);
    const connected = new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromHosts) => {
        if (message.kind === 'connected') resolve();
        else onStored(message.rounds);
      });
      void hosts.#exited.then(() => reject(new Error(`hosts ended with ${child.exitCode}`)));
    });
    hosts.#tell({ kind: 'start', ...options });
    await connected;
    return hosts;
  }

  async close(): Promise<void> {
    if (this.#child.connected) this.#tell({ kind: 'close' });
    await this.#exited;
  }

  #tell(message: ToHosts): void {
    this.#child.send(message);
  }
}
