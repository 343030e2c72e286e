/**
 * Text and bytes of the traced system that are not to leave its host (`--redact`): they are not even read. What would hold
 * them holds `<redacted>`, in maps as in events; numbers stay what they are.
 */
import { encodeText, REDACTED } from '@bpfleet/protocol';
import type { Type } from '../types/type.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Address } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { at, storeBytes, takeMemory, zeroBytes } from './memory.ts';

const TEXT = encodeText(REDACTED);
const ROOM = 16;

/** The text in memory of the program's own, with its NUL; undefined where text may be read. */
export function redactedText(l: Lowering): Address | undefined {
  if (!l.program.config.redact) return undefined;
  const to = takeMemory(l, ROOM);
  redactBytes(l, to, ROOM);
  return to;
}

/** Writes what stands for so many bytes of text. */
export function redactBytes(l: Lowering, to: Address, sizeBytes: number): void {
  zeroBytes(l, to, sizeBytes);
  const text = new Uint8Array(Math.min(sizeBytes, ROOM));
  text.set(TEXT.subarray(0, text.length));
  storeBytes(l, to, text);
}

/** How much of it a buffer of so many bytes holds. */
export function redactedLength(sizeBytes: number): number {
  return Math.min(sizeBytes, TEXT.length);
}

/** Takes text out of a struct or an array that was copied as it is. */
export function redactParts(l: Lowering, to: Address, type: Type): void {
  if (!l.program.config.redact) return;
  switch (type.kind) {
    case 'string':
      redactBytes(l, to, type.size);
      return;
    case 'array':
      redactElements(l, to, type);
      return;
    case 'tuple':
    case 'record':
      for (const { offset, type: part } of type.fields) redactParts(l, at(to, offset), part);
      return;
    case 'struct':
      for (const { offset, type: part } of type.struct.fields) {
        redactParts(l, at(to, offset), part);
      }
      return;
    default:
  }
}

/** Bytes are text, signed or not. */
function redactElements(l: Lowering, to: Address, type: Extract<Type, { kind: 'array' }>): void {
  const { element, length } = type;
  if (element.kind === 'integer' && element.size === 1) {
    zeroBytes(l, to, length);
    return;
  }
  if (!['string', 'array', 'struct'].includes(element.kind)) return;
  const size = sizeOfType(element);
  for (let index = 0; index < length; index++) redactParts(l, at(to, index * size), element);
}
