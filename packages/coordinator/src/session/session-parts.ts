/** What all sessions of one coordinator share. */
import type { Logger } from 'pino';
import type { Fleet } from '../fleet/fleet.ts';
import type { Broker } from '../nats/broker.ts';
import type { PagedBucket } from '../nats/paged-bucket.ts';
import type { OwnLease } from '../peers/own-lease.ts';
import type { Store } from '../store/store.ts';
import type { LiveFirst } from './live-first.ts';

export interface SessionParts {
  readonly broker: Broker;
  /** The sessions' entries, with their pages. */
  readonly entries: PagedBucket;
  readonly fleet: Fleet;
  readonly store: Store;
  readonly live: LiveFirst;
  readonly lease: OwnLease;
  readonly log: Logger;
}
