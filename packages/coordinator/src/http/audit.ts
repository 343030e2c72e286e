/** Puts on record who asked for what: the one place where routes say so. */
import type { AuditAction } from '@bpfleet/protocol';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { whoIs } from '../auth/principal.ts';
import type { Store } from '../store/store.ts';
import type { Denial } from './guard.ts';

export interface Audited {
  readonly action: AuditAction;
  /** What the caller's terminal says of who it is, for where nobody has to prove it. */
  readonly says?: string;
  readonly session?: string;
  /** Of the program. */
  readonly digest?: string;
  /** The program or the SQL. */
  readonly detail?: string;
  /** `done`, or why not. */
  readonly outcome: string;
}

/** Whoever is let do nothing must not fill the store by trying; the log has them all. */
const DENIALS_A_SECOND = 20;

export class Audit {
  readonly #store: Pick<Store, 'audit'>;
  readonly #log: Logger;
  #second = 0;
  #denials = 0;

  constructor(store: Pick<Store, 'audit'>, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** Resolves when it is on its way into the store: what changes something waits for that. */
  async note(request: FastifyRequest, { says = '', ...rest }: Audited): Promise<void> {
    const who = whoIs(request.principal, says);
    await this.#store.audit({ atMs: Date.now(), who, address: request.ip, ...rest });
  }

  /** Without anybody waiting for it: what only reads is no slower. */
  noteLater(request: FastifyRequest, audited: Audited): void {
    this.note(request, audited).catch((error: unknown) => this.#missed(error));
  }

  /** A store that is away must not let anybody in, nor keep them out for longer. */
  denied({ who, from, route, reason }: Denial): void {
    this.#log.warn({ who, from, route }, `denied: ${reason}`);
    const atMs = Date.now();
    const more = this.#moreThanStored(Math.floor(atMs / 1000));
    if (this.#denials > DENIALS_A_SECOND) return;
    const outcome = more === 0 ? reason : `${reason} (${more} before it were not put on record)`;
    this.#store
      .audit({ atMs, who, address: from, action: 'denied', detail: route, outcome })
      .catch((error: unknown) => this.#missed(error));
  }

  /** Counts one; in a new second, how many of the last one were left out. */
  #moreThanStored(second: number): number {
    if (second === this.#second) {
      this.#denials += 1;
      return 0;
    }
    const more = Math.max(0, this.#denials - DENIALS_A_SECOND);
    this.#second = second;
    this.#denials = 1;
    return more;
  }

  #missed(error: unknown): void {
    this.#log.error({ err: error }, 'what somebody did could not be put on record');
  }
}
