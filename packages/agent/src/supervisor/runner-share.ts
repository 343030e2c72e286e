/** What a supervisor holds of one runner's session, from when it is armed. */
import type { KernelCalls } from '@bpfleet/bpf';
import type { LeftBehind } from '@bpfleet/protocol';
import { messageOf } from '../message-of.ts';
import type { RunnerProcess } from '../runner/runner-process.ts';
import { Remains } from './remains.ts';

export type Left =
  | { readonly kind: 'known'; readonly left: LeftBehind }
  /** It had nothing yet. */
  | { readonly kind: 'nothing' }
  /** There is no permission to look. */
  | { readonly kind: 'unknown'; readonly why: string };

export class RunnerShare {
  #remains: Remains | undefined;
  #fault: string | undefined;

  constructor(runner: RunnerProcess, calls: KernelCalls) {
    runner.onShared((maps) => {
      try {
        this.#remains = new Remains(maps, calls);
      } catch (error) {
        this.#fault = messageOf(error);
      }
    });
  }

  /** What the runner took with it, now that it is dead. */
  take(): Left {
    try {
      const left = this.#remains?.read();
      if (left !== undefined) return { kind: 'known', left };
    } catch (error) {
      this.#fault = messageOf(error);
    } finally {
      this.close();
    }
    if (this.#fault === undefined) return { kind: 'nothing' };
    return { kind: 'unknown', why: `what it had not sent is lost, uncounted: ${this.#fault}` };
  }

  close(): void {
    this.#remains?.close();
    this.#remains = undefined;
  }
}
