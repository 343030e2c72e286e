/** `run --wait N`: until so many of the selected hosts are live. */
import { selects, type HostInfo, type Selector } from '@bpfleet/protocol';
import type { ApiClient } from '../api-client.ts';
import { UserError, type Terminal } from '../terminal.ts';

const ASK_EVERY_MS = 500;

export interface Wanted {
  readonly hosts: number;
  readonly timeoutMs: number;
}

/**
 * Says how many are there whenever that changes.
 *
 * @returns false after an interrupt
 * @throws {UserError} when the time is over
 */
export async function waitForHosts(
  client: ApiClient,
  selector: Selector,
  wanted: Wanted,
  terminal: Terminal,
): Promise<boolean> {
  let wake: () => void = () => {};
  let interrupted = false;
  const unsubscribe = terminal.onInterrupt(() => {
    interrupted = true;
    wake();
  });
  const deadline = performance.now() + wanted.timeoutMs;
  try {
    for (let said = -1; !interrupted;) {
      const live = liveHosts(await client.hosts(selector.labels), selector);
      if (live >= wanted.hosts) return true;
      const progress = `${live} of ${wanted.hosts} hosts`;
      if (performance.now() >= deadline) {
        throw new UserError(
          `waited ${wanted.timeoutMs / 1000} s and there are ${progress}; ` +
            'see "bpfleet hosts", or wait longer with --wait-timeout',
        );
      }
      if (live !== said) terminal.err(`waiting for hosts: ${progress}\n`);
      said = live;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ASK_EVERY_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return false;
  } finally {
    unsubscribe();
  }
}

function liveHosts(hosts: readonly HostInfo[], selector: Selector): number {
  return hosts.filter(
    ({ host, labels, state }) => state === 'live' && selects(selector, host, labels),
  ).length;
}
