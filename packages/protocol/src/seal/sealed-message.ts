/**
 * A message as it travels over NATS: byte 0xB1, version, 4 bytes of the key's id, 12 of the nonce, the AES-256-GCM
 * ciphertext, 16 of the tag. The place where it travels (its subject, or bucket and key) is authenticated with it.
 */
import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { SealFault } from './seal-fault.ts';

/** Neither JSON nor a frame begins with it. */
const MAGIC = 0xb1;
const VERSION = 1;
const ID_AT = 2;
const NONCE_AT = 6;
const NONCE_BYTES = 12;
const BODY_AT = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;

/** How much longer a message is than what it says. */
export const SEAL_OVERHEAD_BYTES: number = BODY_AT + TAG_BYTES;

const encoder = new TextEncoder();

/** @param keyId 4 bytes */
export function sealMessage(
  key: KeyObject,
  keyId: Uint8Array,
  place: string,
  plain: Uint8Array,
): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(encoder.encode(place));
  const body = cipher.update(plain);
  cipher.final();
  const sealed = new Uint8Array(plain.length + SEAL_OVERHEAD_BYTES);
  sealed[0] = MAGIC;
  sealed[1] = VERSION;
  sealed.set(keyId, ID_AT);
  sealed.set(nonce, NONCE_AT);
  sealed.set(body, BODY_AT);
  sealed.set(cipher.getAuthTag(), BODY_AT + body.length);
  return sealed;
}

/** Whether it begins as sealed messages do. */
export function looksSealed(message: Uint8Array): boolean {
  return message[0] === MAGIC;
}

export function openMessage(
  key: KeyObject,
  keyId: Uint8Array,
  place: string,
  sealed: Uint8Array,
): Uint8Array | SealFault {
  const fault = headFault(keyId, sealed);
  if (fault !== undefined) return fault;
  const tagAt = sealed.length - TAG_BYTES;
  const nonce = sealed.subarray(NONCE_AT, BODY_AT);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(encoder.encode(place));
  decipher.setAuthTag(sealed.subarray(tagAt));
  try {
    const plain = decipher.update(sealed.subarray(BODY_AT, tagAt));
    decipher.final();
    return plain;
  } catch {
    return new SealFault(
      'altered',
      'it was altered, or sealed for another subject, on its way through NATS',
    );
  }
}

function headFault(keyId: Uint8Array, sealed: Uint8Array): SealFault | undefined {
  if (!looksSealed(sealed)) {
    return new SealFault(
      'not-sealed',
      'it is not sealed; its sender was started without --keys, or is none of this fleet',
    );
  }
  if (sealed.length < SEAL_OVERHEAD_BYTES) {
    return new SealFault('damaged', `it has ${sealed.length} bytes, which no sealed message has`);
  }
  if (sealed[1] !== VERSION) {
    return new SealFault(
      'other-version',
      `it is sealed in version ${sealed[1] ?? 0}, and this process reads version ${VERSION}`,
    );
  }
  const id = sealed.subarray(ID_AT, NONCE_AT);
  if (id.every((byte, index) => byte === keyId[index])) return undefined;
  return new SealFault(
    'other-key',
    `it is sealed with fleet key ${hex(id)}, and this process has ${hex(keyId)}; give both sides keys of one "bpfleet keys init"`,
  );
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
