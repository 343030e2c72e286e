/**
 * Watches what the sessions of a node take, and says which is to end when one takes more than it was given, or all of
 * them more than the node's budget.
 *
 * Rates are those of the last ten seconds, and a younger session is taken to have been idle before, so a burst is allowed
 * that the whole window has room for. Of several sessions it is the one that takes the largest part.
 */
import { percentText, type SessionBudget } from '@bpfleet/protocol';
import type { Budget } from './budget.ts';
import type { Usage } from './usage.ts';

export interface Overrun {
  readonly session: string;
  /** What it took, what is allowed, and which setting says so. */
  readonly message: string;
}

const WINDOW_MS = 10_000;

interface Sample {
  readonly atMs: number;
  readonly usage: Usage;
}

interface Watched {
  readonly sinceMs: number;
  /** What it was given by who runs it. */
  readonly budget: SessionBudget;
  /** In order of time; the first is the newest that is as old as the window, if one is. */
  readonly samples: Sample[];
}

interface Measure {
  /** Of one session, in the unit of the limit. */
  readonly taken: (watched: Watched, cpus: number) => number;
  readonly limit: keyof SessionBudget;
  readonly text: (amount: number) => string;
  readonly flag: string;
}

const MEASURES: readonly Measure[] = [
  {
    taken: (watched, cpus) =>
      perSecond(watched, ({ cost }) => Number(cost.runTimeNs)) / (cpus * 1e9),
    limit: 'cpuShare',
    text: (share) => `${percentText(share)} of CPU`,
    flag: '--max-cpu',
  },
  {
    taken: (watched) => perSecond(watched, ({ events }) => events),
    limit: 'eventsPerSecond',
    text: (rate) => `${Math.round(rate)} events a second`,
    flag: '--max-events',
  },
  {
    taken: (watched) => perSecond(watched, ({ bytes }) => bytes),
    limit: 'bytesPerSecond',
    text: (rate) => `${megabytes(rate)} a second`,
    flag: '--max-bytes',
  },
  {
    taken: ({ samples }) => samples[samples.length - 1]?.usage.mapBytes ?? 0,
    limit: 'mapBytes',
    text: (bytes) => `${megabytes(bytes)} of maps`,
    flag: '--max-map-memory',
  },
];

export class Governor {
  #budget: Budget;
  readonly #cpus: number;
  readonly #sessions = new Map<string, Watched>();

  constructor(budget: Budget, cpus: number) {
    this.#budget = budget;
    this.#cpus = cpus;
  }

  limit(budget: Budget): void {
    this.#budget = budget;
  }

  begin(session: string, atMs: number, budget: SessionBudget = {}): void {
    this.#sessions.set(session, { sinceMs: atMs, budget, samples: [] });
  }

  /** Reports of sessions that have ended are ignored. */
  report(session: string, usage: Usage, atMs: number): void {
    const samples = this.#sessions.get(session)?.samples;
    if (samples === undefined) return;
    samples.push({ atMs, usage });
    while ((samples[1]?.atMs ?? atMs) <= atMs - WINDOW_MS) samples.shift();
  }

  end(session: string): void {
    this.#sessions.delete(session);
  }

  /** At most one at a time: without it the others may be within the budget. */
  overrun(atMs: number): Overrun | undefined {
    for (const measure of MEASURES) {
      const found = this.#greedy(measure) ?? this.#exceeding(measure);
      if (found !== undefined) return found;
    }
    return this.#overdue(atMs);
  }

  /** One that takes more than it was given. */
  #greedy({ taken, limit, text, flag }: Measure): Overrun | undefined {
    for (const [session, watched] of this.#sessions) {
      const allowed = watched.budget[limit];
      if (allowed === undefined) continue;
      const amount = taken(watched, this.#cpus);
      if (amount <= allowed) continue;
      const limits = `${text(allowed)} is allowed (${flag} of the run)`;
      return { session, message: `over its budget: ${text(amount)}, and ${limits}` };
    }
    return undefined;
  }

  #exceeding({ taken, limit, text, flag }: Measure): Overrun | undefined {
    const allowed = this.#budget[limit];
    let total = 0;
    let most: { readonly session: string; readonly amount: number } | undefined;
    for (const [session, watched] of this.#sessions) {
      const amount = taken(watched, this.#cpus);
      total += amount;
      if (most === undefined || amount > most.amount) most = { session, amount };
    }
    if (most === undefined || total <= allowed) return undefined;
    const { session, amount } = most;
    const others = total > amount ? ` and all sessions of the host ${text(total)}` : '';
    const limits = `${text(allowed)} is allowed (${flag} of the agent)`;
    return { session, message: `over its budget: ${text(amount)}${others}, and ${limits}` };
  }

  #overdue(atMs: number): Overrun | undefined {
    const { durationMs } = this.#budget;
    for (const [session, { sinceMs }] of this.#sessions) {
      if (atMs - sinceMs <= durationMs) continue;
      const seconds = `${durationMs / 1000} s`;
      const message = `over its budget: it ran for the ${seconds} that are allowed (--max-duration of the agent)`;
      return { session, message };
    }
    return undefined;
  }
}

/** Averaged over the whole window, however young the session is. */
function perSecond({ samples }: Watched, amountOf: (usage: Usage) => number): number {
  const first = samples[0];
  const last = samples[samples.length - 1];
  if (first === undefined || last === undefined) return 0;
  const elapsedMs = last.atMs - first.atMs;
  const before = elapsedMs >= WINDOW_MS ? amountOf(first.usage) : 0;
  return ((amountOf(last.usage) - before) * 1000) / Math.max(elapsedMs, WINDOW_MS);
}

function megabytes(bytes: number): string {
  return `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}
