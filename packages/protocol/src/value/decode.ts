/** Bytes a kernel wrote, decoded by their type: keys, map values and event fields. */
import { addressText } from '../render/address-text.ts';
import { strftime } from '../render/strftime.ts';
import type { FieldType, HostNamedType, ValueType } from '../schema/value-type.ts';
import { sizeOfValue } from '../schema/value-type.ts';
import { inetText, macText } from './network-address.ts';
import { readInteger, viewOf } from './read-integer.ts';
import { textUntilNul } from './text-bytes.ts';
import type { Value } from './value.ts';

/** The text a host gave for an id: one string, or for stacks its frames; undefined when it never said. */
export type NameLookup = (
  type: HostNamedType['kind'],
  id: Uint8Array,
) => readonly string[] | undefined;

export interface DecodeOptions {
  /** Added to a boot-clock time to give Unix time, nanoseconds. */
  readonly bootToUnixNs: bigint;
  /** Appended to strings that were cut (config `str_trunc_trailer`). */
  readonly truncationTrailer: string;
}

export const DEFAULT_DECODE: DecodeOptions = { bootToUnixNs: 0n, truncationTrailer: '..' };

/** For receivers that have no dictionary. */
export const noNames: NameLookup = () => undefined;

/** Total: bytes missing at the end read as zero, bytes too many are ignored. */
export function decodeValue(
  type: ValueType,
  bytes: Uint8Array,
  names: NameLookup,
  options: DecodeOptions = DEFAULT_DECODE,
): Value {
  const size = sizeOfValue(type);
  let whole = bytes;
  if (bytes.length < size) {
    whole = new Uint8Array(size);
    whole.set(bytes);
  }
  return new ValueDecoder(whole, names, options).value(type, 0);
}

/** Many values of one block of bytes. The caller sees to it that each lies inside. */
export class ValueDecoder {
  readonly view: DataView;
  readonly #bytes: Uint8Array;
  readonly #names: NameLookup;
  readonly #options: DecodeOptions;

  constructor(bytes: Uint8Array, names: NameLookup, options: DecodeOptions) {
    this.#bytes = bytes;
    this.view = viewOf(bytes);
    this.#names = names;
    this.#options = options;
  }

  value(type: ValueType, at: number): Value {
    switch (type.kind) {
      case 'integer':
      case 'enum':
        return readInteger(this.view, at, type.size, type.signed);
      case 'boolean':
        return this.#bytes[at] !== 0;
      case 'pointer':
        return this.view.getBigUint64(at, true);
      case 'string':
        return this.#string(at, type.size, type.array ?? false);
      case 'buffer': {
        const length = Math.min(this.view.getUint32(at, true), type.size);
        return this.#bytes.slice(at + 4, at + 4 + length);
      }
      case 'array': {
        const step = sizeOfValue(type.element);
        return Array.from({ length: type.length }, (_, i) =>
          this.value(type.element, at + i * step),
        );
      }
      case 'none':
        return [];
      case 'tuple':
      case 'record':
        return type.fields.map((field: FieldType) =>
          field.bitfield === undefined
            ? this.value(field.type, at + field.offset)
            : this.#bits(field, at + field.offset, field.bitfield),
        );
      case 'kstack':
      case 'ustack':
        return this.#stack(type, at);
      case 'ksym':
      case 'usym':
        return this.#named(type, at) ?? addressText(this.view.getBigUint64(at, true));
      case 'username':
      case 'cgroup-path':
      case 'container':
      case 'pod':
      case 'namespace':
        return this.#named(type, at) ?? this.view.getBigUint64(at, true).toString();
      case 'timestamp': {
        const nsecs = this.view.getBigUint64(at, true);
        const unixNs = type.clock === 'boot' ? nsecs + this.#options.bootToUnixNs : nsecs;
        return strftime(type.format, unixNs, 'subsecond');
      }
      case 'inet':
        return inetText(this.view.getUint32(at, true), this.#slice(at + 4, 16));
      case 'mac':
        return macText(this.#slice(at, 6));
    }
  }

  /** Bits may go beyond the bytes of their type, in packed structs, but not beyond the struct. */
  #bits(
    { type }: FieldType,
    at: number,
    { shift, width }: { shift: number; width: number },
  ): Value {
    let whole = 0n;
    for (let index = Math.ceil((shift + width) / 8) - 1; index >= 0; index--) {
      whole = (whole << 8n) | BigInt(this.#bytes[at + index] ?? 0);
    }
    const bits = whole >> BigInt(shift);
    if (type.kind === 'boolean') return BigInt.asUintN(width, bits) !== 0n;
    const signed = (type.kind === 'integer' || type.kind === 'enum') && type.signed;
    return signed ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits);
  }

  #slice(at: number, size: number): Uint8Array {
    return this.#bytes.subarray(at, at + size);
  }

  #string(at: number, size: number, isArray: boolean): string {
    const length = Math.min(size, Math.max(0, this.#bytes.length - at));
    const text = textUntilNul(this.#bytes, at, at + length);
    if (isArray || length === 0 || this.#hasNul(at, length)) return text;
    return text + this.#options.truncationTrailer;
  }

  /** A text that was not cut has one, at its very end at the least. */
  #hasNul(at: number, length: number): boolean {
    return this.#bytes[at + length - 1] === 0 || this.#slice(at, length).includes(0);
  }

  #named(type: HostNamedType, at: number): string | undefined {
    return this.#names(type.kind, this.#slice(at, sizeOfValue(type)))?.[0];
  }

  #stack(type: HostNamedType, at: number): readonly string[] {
    const id = this.view.getBigUint64(at, true);
    if (id === 0n) return [];
    return this.#names(type.kind, this.#slice(at, sizeOfValue(type))) ?? ['[unknown]'];
  }
}
