/** Waits as a service does: for a signal, or for its own end. */
import type { Terminal } from '../terminal.ts';

/** @returns true for a signal, false when `ended` came first */
export async function untilInterrupted(
  terminal: Terminal,
  ended: Promise<unknown>,
): Promise<boolean> {
  let unsubscribe: () => void = () => {};
  const interrupted = new Promise<true>((resolve) => {
    unsubscribe = terminal.onInterrupt(() => resolve(true));
  });
  try {
    return await Promise.race([interrupted, ended.then(() => false)]);
  } finally {
    unsubscribe();
  }
}
