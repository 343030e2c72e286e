/** What protects messages on their way through NATS: seals, signed orders, and the keys of both. */
export { FleetKey } from './fleet-key.ts';
export * from './host-seal.ts';
export * from './key-file.ts';
export * from './new-keys.ts';
export * from './order-memory.ts';
export * from './order-seal.ts';
export { OrderFault, signerId, type Order } from './order.ts';
export { SEAL_OVERHEAD_BYTES } from './sealed-message.ts';
export { SealFault, type SealFaultKind } from './seal-fault.ts';
export type { NamedBody } from './named-body.ts';
export type { NatsSecrets } from './nats-secrets.ts';
export { SaidOnce } from './said-once.ts';
