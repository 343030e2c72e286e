/** Bytes as the key of a Map: a string in which each UTF-16 unit is one byte. */

/** The arguments of one call are limited. */
const CHUNK = 4096;

export function idOf(bytes: Uint8Array): string {
  if (bytes.length <= CHUNK) return String.fromCharCode(...bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

/** Whether `id` is `idOf(bytes)`, without making it. */
export function isId(id: string, bytes: Uint8Array): boolean {
  if (id.length !== bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (id.charCodeAt(i) !== bytes[i]) return false;
  return true;
}

/** Many at a time have one block of memory: a small one of its own is costly as soon as something else looks into it. */
const BLOCK_BYTES = 64 << 10;
let block = new ArrayBuffer(0);
let used = 0;

export function bytesOfId(id: string): Uint8Array {
  if (used + id.length > block.byteLength) {
    block = new ArrayBuffer(Math.max(BLOCK_BYTES, id.length));
    used = 0;
  }
  const bytes = new Uint8Array(block, used, id.length);
  used += id.length;
  for (let i = 0; i < id.length; i++) bytes[i] = id.charCodeAt(i);
  return bytes;
}
