/** Follows a session to its end: prints what comes, stops it on Ctrl-C, and gives the exit code. */
import { hostsNeeded, type AtLeast } from '@bpfleet/protocol';
import type { ApiClient } from './api-client.ts';
import { missingHosts } from './output/missing-hosts.ts';
import type { SessionPrinter } from './output/session-printer.ts';
import type { Terminal } from './terminal.ts';

/** The exit code after a second Ctrl-C, as a shell reports SIGINT. */
export const INTERRUPTED = 130;

/**
 * The first interrupt stops the session, and its result is still printed; the second gives up on it.
 *
 * @returns 0, the program's own exit code, or 1 where fewer hosts than needed (1 when absent) gave a result
 */
export async function followSession(
  client: ApiClient,
  id: string,
  printer: SessionPrinter,
  terminal: Terminal,
  atLeast?: AtLeast,
): Promise<number> {
  let giveUp: (code: number) => void = () => {};
  const gaveUp = new Promise<number>((resolve) => (giveUp = resolve));
  let interrupts = 0;
  const unsubscribe = terminal.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) {
      giveUp(INTERRUPTED);
      return;
    }
    client.stop(id).catch((error: unknown) => {
      terminal.err(`stop ${id}: ${(error as Error).message}\n`);
      giveUp(1);
    });
  });
  try {
    return await Promise.race([follow(client, id, printer, atLeast), gaveUp]);
  } finally {
    unsubscribe();
    printer.abandon();
  }
}

async function follow(
  client: ApiClient,
  id: string,
  printer: SessionPrinter,
  atLeast: AtLeast | undefined,
): Promise<number> {
  for await (const item of client.stream(id)) {
    printer.add(item);
    if (item.kind !== 'result') continue;
    const { session } = item;
    const hosts = session.coverage.hosts.length;
    const present = hosts - missingHosts(session).length;
    if (session.state === 'failed' || present < hostsNeeded(atLeast, hosts)) return 1;
    return session.exitCode ?? 0;
  }
  return 1;
}
