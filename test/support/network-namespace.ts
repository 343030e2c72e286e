/** A network of its own for one agent, joined to this machine's by a cable that can be cut. Needs root and iproute2. */
import { execFileSync } from 'node:child_process';

let made = 0;

export class NetworkNamespace implements Disposable {
  /** Of this machine, as seen from inside. */
  readonly outside: string;
  /** A command that runs the one after it inside; nothing but the network is another one. */
  readonly wrapper: readonly string[];
  readonly #name: string;
  readonly #cable: string;

  /** @throws where the kernel has no namespaces or this process may not make them */
  constructor() {
    made += 1;
    // 10.64.0.0/10, four addresses each: this process and its namespaces, unlike those of other tests.
    const block = ((process.pid % 16_384) * 64 + made) * 4;
    const address = (last: number): string =>
      `10.${64 + ((block >> 16) & 63)}.${(block >> 8) & 255}.${(block & 252) + last}`;
    this.#name = `bpfleet-${process.pid}-${made}`;
    this.#cable = `bf${process.pid}-${made}`;
    this.outside = address(1);
    this.wrapper = ['nsenter', `--net=/var/run/netns/${this.#name}`];
    ip('netns', 'add', this.#name);
    try {
      ip('link', 'add', this.#cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#name);
      ip('address', 'add', `${this.outside}/30`, 'dev', this.#cable);
      ip('link', 'set', this.#cable, 'up');
      ip('-n', this.#name, 'address', 'add', `${address(2)}/30`, 'dev', 'eth0');
      ip('-n', this.#name, 'link', 'set', 'eth0', 'up');
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Packets are lost from now on, in both directions; nobody is told. */
  cut(): void {
    ip('link', 'set', this.#cable, 'down');
  }

  heal(): void {
    ip('link', 'set', this.#cable, 'up');
  }

  [Symbol.dispose](): void {
    // The cable goes with it.
    ip('netns', 'delete', this.#name);
  }
}

/** Why namespaces cannot be made here; false where they can. */
export function noNetworkNamespaces(): string | false {
  try {
    using _namespace = new NetworkNamespace();
    return false;
  } catch (error) {
    return `needs network namespaces: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function ip(...argv: readonly string[]): void {
  execFileSync('ip', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
}
