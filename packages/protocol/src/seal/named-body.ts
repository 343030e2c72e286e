/** A message of a host with the host's name in front, for subjects name it by a pseudonym only: length, name, body. */

const MAX_NAME_BYTES = 0xffff;

export interface NamedBody {
  readonly host: string;
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** @throws {RangeError} for a name of more than 64 KB */
export function encodeNamedBody({ host, body }: NamedBody): Uint8Array {
  const name = encoder.encode(host);
  if (name.length > MAX_NAME_BYTES) throw new RangeError('the name of a host is too long');
  const bytes = new Uint8Array(2 + name.length + body.length);
  bytes[0] = name.length & 0xff;
  bytes[1] = name.length >> 8;
  bytes.set(name, 2);
  bytes.set(body, 2 + name.length);
  return bytes;
}

/** Undefined for what `encodeNamedBody` does not make. */
export function decodeNamedBody(bytes: Uint8Array): NamedBody | undefined {
  const [low, high] = bytes;
  if (low === undefined || high === undefined) return undefined;
  const bodyAt = 2 + low + (high << 8);
  if (bodyAt > bytes.length) return undefined;
  try {
    return { host: decoder.decode(bytes.subarray(2, bodyAt)), body: bytes.subarray(bodyAt) };
  } catch {
    return undefined;
  }
}
