/** What the routes of the API work with. */
import type { Broker } from '../nats/broker.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Peers } from '../peers/peers.ts';
import type { SessionRegistry } from '../session/registry.ts';
import type { Store } from '../store/store.ts';

export interface Services {
  readonly broker: Broker;
  readonly fleet: Fleet;
  readonly peers: Peers;
  readonly sessions: SessionRegistry;
  readonly store: Store;
}
