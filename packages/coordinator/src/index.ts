/** The coordinator of a fleet: starts sessions on agents over NATS, merges and stores what they send, serves the API. */
export {
  ListenError,
  startCoordinator,
  type Coordinator,
  type CoordinatorOptions,
  type Listen,
} from './coordinator.ts';
export { BrokerError } from './nats/broker.ts';
export { parseRetention, RetentionError } from './store/retention.ts';
export type { StoreOptions } from './store/client.ts';
export { StoreError } from './store/store-error.ts';
