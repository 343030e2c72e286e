/**
 * What coordinators say and agents obey, signed (Ed25519) as a whole: 64 bytes of signature, 4 of the id of the key that
 * signed, 8 each of a counter and of the Unix millisecond at which it expires (big-endian), then the text. The signature
 * covers all after it and the place, so that no entry can be passed off as another one's. The text is signed as it travels:
 * what is read is what was signed, byte for byte.
 */
import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { hex } from './sealed-message.ts';

const SIGNATURE_BYTES = 64;
const ID_BYTES = 4;
const COUNTER_AT = SIGNATURE_BYTES + ID_BYTES;
const EXPIRY_AT = COUNTER_AT + 8;
const TEXT_AT = EXPIRY_AT + 8;

/** How much longer an order is than its text. */
export const ORDER_OVERHEAD_BYTES: number = TEXT_AT;

export interface Order {
  /** Of the orders of one place a later one has a larger one. */
  readonly counter: number;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  readonly text: Uint8Array;
}

/** Why an order is not to be obeyed; one clause. */
export class OrderFault {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

const encoder = new TextEncoder();

export function signOrder(
  privateKey: KeyObject,
  signer: string,
  place: string,
  order: Order,
): Uint8Array {
  const bytes = new Uint8Array(TEXT_AT + order.text.length);
  bytes.set(idBytes(signer), SIGNATURE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(COUNTER_AT, BigInt(order.counter));
  view.setBigUint64(EXPIRY_AT, BigInt(order.expiresAtMs));
  bytes.set(order.text, TEXT_AT);
  bytes.set(sign(null, signedBytes(place, bytes), privateKey));
  return bytes;
}

/**
 * What it says, if one of these keys signed it for this place. Whether it has expired, or is older than another, is for
 * `OrderMemory` to say.
 *
 * @param signers public keys by `signerId`
 */
export function readOrder(
  signers: ReadonlyMap<string, KeyObject>,
  place: string,
  bytes: Uint8Array,
): Order | OrderFault {
  if (bytes.length < TEXT_AT) return new OrderFault('it is not signed');
  const signer = hex(bytes.subarray(SIGNATURE_BYTES, COUNTER_AT));
  const key = signers.get(signer);
  if (key === undefined) {
    const known = [...signers.keys()].join(', ');
    return new OrderFault(
      `coordinator key ${signer} signed it, and this process was given ${known}; "bpfleet keys init" makes keys that fit each other`,
    );
  }
  if (!verify(null, signedBytes(place, bytes), key, bytes.subarray(0, SIGNATURE_BYTES))) {
    return new OrderFault('its signature is wrong: no coordinator of this fleet has said so');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    counter: Number(view.getBigUint64(COUNTER_AT)),
    expiresAtMs: Number(view.getBigUint64(EXPIRY_AT)),
    text: bytes.subarray(TEXT_AT),
  };
}

/** Tells public keys from each other; 8 hexadecimal digits. */
export function signerId(publicKey: KeyObject): string {
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256')
    .update(der)
    .digest('hex')
    .slice(0, 2 * ID_BYTES);
}

function signedBytes(place: string, bytes: Uint8Array): Uint8Array {
  const head = encoder.encode(`bpfleet order v1\0${place}\0`);
  const signed = new Uint8Array(head.length + bytes.length - SIGNATURE_BYTES);
  signed.set(head);
  signed.set(bytes.subarray(SIGNATURE_BYTES), head.length);
  return signed;
}

function idBytes(id: string): Uint8Array {
  return Uint8Array.from({ length: ID_BYTES }, (_, index) =>
    Number.parseInt(id.slice(2 * index, 2 * index + 2), 16),
  );
}
