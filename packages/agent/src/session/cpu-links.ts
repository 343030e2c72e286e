/**
 * A probe that has an event on each CPU, or on one of them. The kernel forgets the events of a CPU that goes offline and does
 * not bring them back with it: they are attached anew, and where the only one is gone, on another CPU.
 */
import type { Fd, Link } from '@bpfleet/bpf';

export class CpuLinks implements Link {
  readonly probe: string;
  readonly #on: 'all' | 'one';
  readonly #attach: (cpu: number) => Link;
  readonly #links = new Map<number, Link>();
  #stopped = false;

  private constructor(probe: string, on: 'all' | 'one', attach: (cpu: number) => Link) {
    this.probe = probe;
    this.#on = on;
    this.#attach = attach;
  }

  /** Throws what `attach` throws, with nothing left attached. */
  static attach(
    probe: string,
    on: 'all' | 'one',
    online: readonly number[],
    attach: (cpu: number) => Link,
  ): CpuLinks {
    const links = new CpuLinks(probe, on, attach);
    try {
      for (const cpu of links.#missing(online)) links.#links.set(cpu, attach(cpu));
      return links;
    } catch (error) {
      links[Symbol.dispose]();
      throw error;
    }
  }

  /** To be called when CPUs have come or gone. Throws what attaching throws; a CPU may be gone again. */
  follow(online: readonly number[]): void {
    if (this.#stopped) return;
    for (const [cpu, link] of this.#links) {
      if (online.includes(cpu)) continue;
      this.#links.delete(cpu);
      link[Symbol.dispose]();
    }
    for (const cpu of this.#missing(online)) this.#links.set(cpu, this.#attach(cpu));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#links.values()].map((link) => link.stop()));
  }

  takeEvents(): readonly Fd[] {
    return [...this.#links.values()].flatMap((link) => link.takeEvents());
  }

  async detach(): Promise<void> {
    await this.stop();
    for (const link of this.#links.values()) await link.detach();
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    for (const link of this.#links.values()) link[Symbol.dispose]();
  }

  #missing(online: readonly number[]): readonly number[] {
    if (this.#on === 'one') return this.#links.size > 0 ? [] : online.slice(0, 1);
    return online.filter((cpu) => !this.#links.has(cpu));
  }
}
