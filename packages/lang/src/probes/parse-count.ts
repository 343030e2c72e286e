/** Numbers within attach points: rates, counts, offsets and addresses. */
import { decodeInteger } from '../syntax/decode-integer.ts';
import type { Refusal } from './probe-kind.ts';

/** A number in any form an integer literal may have, durations included. */
export function parseCount(text: string, what: string): bigint | Refusal {
  if (!/^[0-9]/.test(text)) return { refusal: `${what}: invalid integer: ${text}` };
  const decoded = decodeInteger(text);
  if ('fault' in decoded) return { refusal: `${what}: ${decoded.fault}` };
  return decoded.value;
}

/** The address that a part is, or undefined if it is a name. */
export function parseAddress(text: string): bigint | undefined {
  const decoded = /^[0-9]/.test(text) ? decodeInteger(text) : undefined;
  return decoded === undefined || 'fault' in decoded ? undefined : decoded.value;
}

/** `name+0x10` into name and offset. */
export function parseOffset(
  text: string,
  allowed: boolean,
): { readonly name: string; readonly offset: number } | Refusal {
  const pieces = text.split('+');
  const [name, offset] = pieces;
  if (name === undefined || offset === undefined) return { name: text, offset: 0 };
  if (!allowed) return { refusal: 'Offset not allowed' };
  if (pieces.length > 2) return { refusal: 'Cannot take more than one offset' };
  if (name === '' || offset === '') return { refusal: 'Invalid offset' };
  const count = parseCount(offset, 'Invalid offset');
  return typeof count === 'bigint' ? { name, offset: Number(count) } : count;
}
