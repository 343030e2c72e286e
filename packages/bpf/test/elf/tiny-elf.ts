/** Makes small ELF files, section by section, so that a test says what is in one. */

export interface TinySection {
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array;
  readonly address?: number;
  readonly link?: number;
}

/** Address at which the one loadable segment, the whole file, is linked. */
export const LOAD_ADDRESS = 0x400000;

const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const SECTION_BYTES = 64;

const utf8 = new TextEncoder();

export const zeroed = (...texts: readonly string[]): Uint8Array =>
  concat(texts.map((text) => utf8.encode(`${text}\0`)));

export function words64(...values: readonly number[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function padded(bytes: Uint8Array): Uint8Array {
  return concat([bytes, new Uint8Array(-bytes.length & 3)]);
}

export function note(owner: string, type: number, description: Uint8Array): Uint8Array {
  const name = zeroed(owner);
  const header = new Uint8Array(Uint32Array.of(name.length, description.length, type).buffer);
  return concat([header, padded(name), padded(description)]);
}

export function symbol(
  nameOffset: number,
  info: number,
  section: number,
  address: number,
  sizeBytes: number,
): Uint8Array {
  const bytes = concat([new Uint8Array(8), words64(address, sizeBytes)]);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, nameOffset, true);
  view.setUint8(4, info);
  view.setUint16(6, section, true);
  return bytes;
}

/** Section 0 is empty and the last holds the names; those given are numbered from 1. */
export function tinyElf(given: readonly TinySection[], machine = 62): Uint8Array {
  const sections: TinySection[] = [{ name: '', type: 0, data: new Uint8Array() }, ...given];
  const names = zeroed(...sections.map(({ name }) => name), '.shstrtab');
  sections.push({ name: '.shstrtab', type: 3, data: names });

  let nameAt = 0;
  let dataAt = HEADER_BYTES + SEGMENT_BYTES;
  const headers = sections.map(({ name, type, data, address, link }) => {
    const header = concat([
      new Uint8Array(16),
      words64(address ?? 0, dataAt, data.length, 0, 4, 0),
    ]);
    const view = new DataView(header.buffer);
    view.setUint32(0, nameAt, true);
    view.setUint32(4, type, true);
    view.setUint32(40, link ?? 0, true);
    nameAt += name.length + 1;
    dataAt += data.length;
    return header;
  });

  const fileBytes = dataAt + headers.length * SECTION_BYTES;
  const header = concat([
    Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0),
    new Uint8Array(8),
    new Uint8Array(Uint16Array.of(3, machine, 1, 0).buffer),
    words64(0, HEADER_BYTES, dataAt),
    new Uint8Array(Uint16Array.of(0, 0, HEADER_BYTES, SEGMENT_BYTES, 1).buffer),
    new Uint8Array(Uint16Array.of(SECTION_BYTES, sections.length, sections.length - 1).buffer),
  ]);
  const segment = concat([
    new Uint8Array(Uint32Array.of(1, 5).buffer),
    words64(0, LOAD_ADDRESS, LOAD_ADDRESS, fileBytes, fileBytes, 4096),
  ]);
  return concat([header, segment, ...sections.map(({ data }) => data), ...headers]);
}
