/** The coordinator of a fleet: starts sessions on agents over NATS, merges and stores what they send, serves the API. */
export {
  ListenError,
  startCoordinator,
  type Coordinator,
  type CoordinatorAccess,
  type CoordinatorOptions,
  type Listen,
} from './coordinator.ts';
export type { OidcOptions } from './auth/oidc.ts';
export type { RoleRule } from './auth/role-rules.ts';
export type { TokenReviewOptions } from './auth/token-review.ts';
export { isRole, ROLES, type Role } from './auth/role.ts';
export { TlsError } from './auth/tls-files.ts';
export { TokenFile, TokenFileError } from './auth/token-file.ts';
export { nameFault, tokenState, type TokenRecord } from './auth/token.ts';
export { BrokerError, type NatsAddress } from './nats/broker.ts';
export { parseRetention, RetentionError } from './store/retention.ts';
export type { StoreOptions } from './store/client.ts';
export { StoreError } from './store/store-error.ts';
export { CertificateError } from './keys/certificates.ts';
export { initKeys, KeysFolderError, type KeysRequest } from './keys/init-keys.ts';
