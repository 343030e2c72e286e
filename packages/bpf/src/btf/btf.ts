/**
 * A BTF blob, read in place. Opening it makes one pass that notes where each record starts; types are decoded when
 * asked for, and the name index is built by the first search.
 */
import { BtfError } from './btf-error.ts';
import { decodeType } from './decode.ts';
import { BTF_MAGIC, BTF_VERSION, HEADER_BYTES, RECORD_BYTES } from './kind-code.ts';
import { kindOfInfo, recordBytes, vlenOfInfo } from './kind-code.ts';
import { scanEnumerators } from './enumerators.ts';
import { kindCodes, NameIndex } from './name-index.ts';
import type { BtfStrings } from './name-bytes.ts';
import type { BtfKind, BtfType, TypeId } from './type.ts';

const text = new TextDecoder();

export class Btf {
  /** For a module: the BTF of vmlinux, whose ids and strings come before its own. */
  readonly base: Btf | undefined;
  /** One more than the highest id, the base included. */
  readonly typeCount: number;
  readonly #view: DataView;
  readonly #strings: Uint8Array;
  readonly #firstId: TypeId;
  readonly #firstString: number;
  /** Offset of the record of id `#firstId + i`. */
  readonly #records: Uint32Array;
  readonly #decoded = new Map<TypeId, BtfType>();
  #names: NameIndex | undefined;

  /** @throws BtfError if `bytes` is no little-endian BTF or its records run past the end. */
  constructor(bytes: Uint8Array, base?: Btf) {
    this.base = base;
    const { types, strings } = sections(bytes);
    this.#view = types;
    this.#strings = strings;
    this.#firstId = base?.typeCount ?? 1;
    this.#firstString = base?.stringBytes ?? 0;
    this.#records = recordOffsets(types, types.byteOffset - bytes.byteOffset);
    this.typeCount = this.#firstId + this.#records.length;
  }

  /** Bytes of all strings, the base included. */
  get stringBytes(): number {
    return this.#firstString + this.#strings.length;
  }

  get #allStrings(): BtfStrings {
    const own = { from: this.#firstString, bytes: this.#strings };
    return this.base === undefined ? [own] : [...this.base.#allStrings, own];
  }

  /** @throws BtfError for an id out of range. */
  typeById(id: TypeId): BtfType {
    if (id === 0) return { kind: 'void', id };
    if (id < this.#firstId && this.base !== undefined) return this.base.typeById(id);
    const known = this.#decoded.get(id);
    if (known !== undefined) return known;
    const at = this.#records[id - this.#firstId];
    if (at === undefined) throw new BtfError(`btf: no type ${id}`);
    const type = decodeType(this.#view, at, id, (offset) => this.stringAt(offset));
    this.#decoded.set(id, type);
    return type;
  }

  /** @throws BtfError for an offset out of range. */
  stringAt(offset: number): string {
    if (offset < this.#firstString && this.base !== undefined) return this.base.stringAt(offset);
    const start = offset - this.#firstString;
    if (start >= this.#strings.length) throw new BtfError(`btf: no string at ${offset}`);
    const end = this.#strings.indexOf(0, start);
    return text.decode(this.#strings.subarray(start, end === -1 ? undefined : end));
  }

  /** Id of the first type of this name and kind, the module's own before those of its base. */
  findByName(name: string, kind: BtfKind): TypeId | undefined {
    this.#names ??= new NameIndex(this.#view, this.#records, this.#allStrings);
    const index = this.#names.find(name, kind);
    return index === undefined ? this.base?.findByName(name, kind) : this.#firstId + index;
  }

  /** An enumerator by its name, of whichever enum, the module's own before those of its base. */
  findEnumerator(name: string): { readonly type: TypeId; readonly value: bigint } | undefined {
    const found = scanEnumerators(this.#view, this.#records, this.#allStrings, name);
    if (found === undefined) return this.base?.findEnumerator(name);
    return { type: this.#firstId + found.record, value: found.value };
  }

  /** Ids and names of all named types of a kind in this blob, not those of its base. */
  *namesOf(kind: BtfKind): Generator<readonly [TypeId, string]> {
    const codes = kindCodes[kind];
    for (const [index, at] of this.#records.entries()) {
      if (!codes.includes(kindOfInfo(this.#view.getUint32(at + 4, true)))) continue;
      const nameOffset = this.#view.getUint32(at, true);
      if (nameOffset !== 0) yield [this.#firstId + index, this.stringAt(nameOffset)];
    }
  }
}

function sections(bytes: Uint8Array): { types: DataView; strings: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES) {
    throw new BtfError(`btf: ${bytes.length} bytes, shorter than its header of ${HEADER_BYTES}`);
  }
  const magic = view.getUint16(0, true);
  if (magic !== BTF_MAGIC) {
    throw new BtfError(`btf: wrong magic number ${hex(magic)} at offset 0, not ${hex(BTF_MAGIC)}`);
  }
  const version = view.getUint8(2);
  if (version !== BTF_VERSION) throw new BtfError(`btf: unknown version ${version} at offset 2`);
  const headerBytes = view.getUint32(4, true);
  const part = (field: number, name: string): Uint8Array => {
    const start = headerBytes + view.getUint32(field, true);
    const end = start + view.getUint32(field + 4, true);
    if (end > bytes.length) {
      throw new BtfError(
        `btf: ${name} section at offset ${start} runs past the end: ${end} bytes needed, ${bytes.length} there`,
      );
    }
    return bytes.subarray(start, end);
  };
  const types = part(8, 'type');
  const strings = part(16, 'string');
  return { types: new DataView(types.buffer, types.byteOffset, types.byteLength), strings };
}

/** `sectionOffset` is where `types` begins in the file: faults are told by their place in that. */
function recordOffsets(types: DataView, sectionOffset: number): Uint32Array {
  const offsets = new Uint32Array(Math.floor(types.byteLength / RECORD_BYTES));
  const faultAt = (what: string, offset: number): BtfError =>
    new BtfError(`btf: ${what} at offset ${sectionOffset + offset}`);
  let count = 0;
  let at = 0;
  while (at < types.byteLength) {
    if (at + RECORD_BYTES > types.byteLength) throw faultAt('truncated type', at);
    const info = types.getUint32(at + 4, true);
    const length = recordBytes(kindOfInfo(info), vlenOfInfo(info));
    if (length === undefined) throw faultAt(`unknown kind ${kindOfInfo(info)}`, at);
    if (at + length > types.byteLength) throw faultAt('truncated type', at);
    offsets[count++] = at;
    at += length;
  }
  return offsets.slice(0, count);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
