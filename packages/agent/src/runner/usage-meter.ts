/** Counts what a session takes, for the governor. */
import type { Frame } from '@bpfleet/protocol';
import { NO_USAGE, type Usage } from '../governor/usage.ts';

export class UsageMeter {
  #usage: Usage = NO_USAGE;

  get usage(): Usage {
    return this.#usage;
  }

  /** Also of frames that are dropped later: they were made. */
  frame(frame: Frame): void {
    if (frame.kind === 'events') {
      this.#usage = { ...this.#usage, events: this.#usage.events + frame.records.length };
    } else if (frame.kind === 'cost') {
      this.#usage = { ...this.#usage, cost: frame.cost };
    }
  }

  sent(bytes: number): void {
    this.#usage = { ...this.#usage, bytes: this.#usage.bytes + bytes };
  }

  maps(mapBytes: number): void {
    this.#usage = { ...this.#usage, mapBytes };
  }
}
