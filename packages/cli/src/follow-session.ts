/** Follows a session to its end: prints what comes, stops it on Ctrl-C, and gives the exit code. */
import { hostsNeeded, type AtLeast, type StreamItem } from '@bpfleet/protocol';
import type { ApiClient } from './api-client.ts';
import { CoordinatorAwayError } from './api-transport.ts';
import { missingHosts } from './output/missing-hosts.ts';
import type { SessionPrinter } from './output/session-printer.ts';
import { SeenOutput } from './seen-output.ts';
import { UserError, type Terminal } from './terminal.ts';

/** The exit code after a second Ctrl-C, as a shell reports SIGINT. */
export const INTERRUPTED = 130;

/** A coordinator that is restarted is back in seconds; without one, agents detach after their lease, 30 s. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 500;
/** Whoever wants to stop waits so long for a coordinator that cannot. */
const STOP_PATIENCE_MS = 10_000;

export interface FollowOptions {
  /** So many hosts must give a result; 1 when absent. */
  readonly atLeast?: AtLeast | undefined;
  /** With all that was printed before, as far as it is there. */
  readonly fromStart?: boolean;
  /** As if there had been an interrupt already. */
  readonly stopNow?: boolean;
}

/**
 * The first interrupt stops the session, and its result is still printed; the second gives up on it.
 *
 * @returns 0, the program's own exit code, or 1 where fewer hosts than needed gave a result
 */
export async function followSession(
  client: ApiClient,
  id: string,
  printer: SessionPrinter,
  terminal: Terminal,
  { atLeast, fromStart = false, stopNow = false }: FollowOptions = {},
): Promise<number> {
  let giveUp: (code: number) => void = () => {};
  const gaveUp = new Promise<number>((resolve) => (giveUp = resolve));
  let interrupts = 0;
  const trouble: Trouble = { reason: undefined };
  let patience: NodeJS.Timeout | undefined;
  let over = false;
  const interrupted = (): void => {
    interrupts += 1;
    if (interrupts > 1) {
      giveUp(INTERRUPTED);
      return;
    }
    patience = setInterval(() => {
      if (trouble.reason === undefined) return;
      printer.unfinished(id, trouble.reason);
      giveUp(1);
    }, STOP_PATIENCE_MS);
    stop(client, id, terminal.userName, () => over).catch((error: unknown) => {
      terminal.err(`stop ${id}: ${(error as Error).message}\n`);
      giveUp(1);
    });
  };
  const unsubscribe = terminal.onInterrupt(interrupted);
  if (stopNow) interrupted();
  try {
    const stream = unbroken(client, id, printer, { fromStart, trouble });
    return await Promise.race([follow(stream, printer, atLeast), gaveUp]);
  } finally {
    over = true;
    unsubscribe();
    clearInterval(patience);
    printer.abandon();
  }
}

/** Asks again where the coordinator is away: it may come back, or another one answer. */
async function stop(
  client: ApiClient,
  id: string,
  who: string,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    try {
      await client.stop(id, who);
      return;
    } catch (error) {
      if (!(error instanceof CoordinatorAwayError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Why nothing comes of the session at the moment. */
interface Trouble {
  reason: string | undefined;
}

/**
 * The session's stream, taken up again where the coordinator was away, there or at another one: sessions outlive it by
 * their agents' lease. Nothing is printed twice, and the reader is told where something may be missing.
 */
async function* unbroken(
  client: ApiClient,
  id: string,
  printer: SessionPrinter,
  { fromStart, trouble }: { readonly fromStart: boolean; readonly trouble: Trouble },
): AsyncGenerator<StreamItem> {
  const seen = new SeenOutput();
  let broken: { readonly url: string; readonly atMs: number } | undefined;
  let cutOff = false;
  for (let begun = false; ;) {
    try {
      const sinceNs = begun || fromStart ? seen.sinceNs : undefined;
      for await (const item of client.stream(id, sinceNs)) {
        if (broken !== undefined) {
          const complete = item.kind === 'resumed' && item.complete;
          printer.say(backText(id, client.url, broken.url, complete));
        }
        broken = undefined;
        begun = true;
        if (item.kind === 'cut-off' && !cutOff) {
          printer.say(`the coordinator is cut off (${item.reason}); waiting for it\n`);
        }
        cutOff = item.kind === 'cut-off';
        trouble.reason =
          item.kind === 'cut-off' ? `the coordinator is cut off (${item.reason})` : undefined;
        if (item.kind === 'output' && seen.takeKnown(item.item)) continue;
        if (item.kind === 'output') seen.note(item.item);
        yield item;
      }
      return;
    } catch (error) {
      if (!begun || !(error instanceof CoordinatorAwayError)) throw error;
      if (broken === undefined) {
        printer.say(`the coordinator is away (${error.reason}); waiting for it\n`);
      }
      trouble.reason = `the coordinator is away (${error.reason})`;
      broken ??= { url: client.url, atMs: performance.now() };
      if (performance.now() - broken.atMs > PATIENCE_MS) {
        throw new UserError(`${error.message}; once it is back: bpfleet attach ${id}`);
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function backText(id: string, url: string, before: string, complete: boolean): string {
  const where = url === before ? 'the coordinator is back' : `the coordinator at ${url} goes on`;
  const rest = complete
    ? 'nothing of its output is missing'
    : `bpfleet history show ${id} has what was printed meanwhile`;
  return `${where}; ${rest}\n`;
}

async function follow(
  stream: AsyncIterable<StreamItem>,
  printer: SessionPrinter,
  atLeast: AtLeast | undefined,
): Promise<number> {
  for await (const item of stream) {
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
