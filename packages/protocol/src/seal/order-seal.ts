/**
 * How what coordinators say travels: signed, then sealed, for agents or among coordinators; or in the clear, for a NATS
 * that is trusted.
 */
import type { FleetKey } from './fleet-key.ts';
import { sealedFault } from './host-seal.ts';
import type { AgentKeys, CoordinatorKeys } from './key-file.ts';
import { readOrder, signOrder, type Order, type OrderFault } from './order.ts';
import { SealFault } from './seal-fault.ts';
import { looksSealed } from './sealed-message.ts';

/** Whom it is for: agents as well, or coordinators alone. */
export type Audience = 'fleet' | 'coordinators';

export interface OrderReader {
  /** Whether it stands at this time, and is not an old one, is for `OrderMemory` to say. */
  open(place: string, bytes: Uint8Array, audience?: Audience): Order | SealFault | OrderFault;
}

export interface OrderWriter extends OrderReader {
  seal(place: string, order: Order, audience?: Audience): Uint8Array;
}

export function sealedOrders(keys: AgentKeys): OrderReader {
  return { open: (place, bytes) => open(keys.fleet, keys, place, bytes) };
}

export function signedOrders(keys: CoordinatorKeys): OrderWriter {
  const keyFor = (audience: Audience = 'fleet'): FleetKey =>
    audience === 'fleet' ? keys.fleet : keys.among;
  return {
    open: (place, bytes, audience) => open(keyFor(audience), keys, place, bytes),
    seal: (place, order, audience) =>
      keyFor(audience).seal(place, signOrder(keys.signing, keys.signer, place, order)),
  };
}

export const CLEAR_ORDERS: OrderWriter = {
  open: (_place, text) => {
    return looksSealed(text) ? sealedFault() : { counter: 0, expiresAtMs: Infinity, text };
  },
  seal: (_place, { text }) => text,
};

function open(
  key: FleetKey,
  { signers }: AgentKeys,
  place: string,
  bytes: Uint8Array,
): Order | SealFault | OrderFault {
  const plain = key.open(place, bytes);
  return plain instanceof SealFault ? plain : readOrder(signers, place, plain);
}
