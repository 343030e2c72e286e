/** Writes ZIP archives whose members can be mapped: stored, each at the beginning of a page. */

const PAGE_BYTES = 4096;
const LOCAL_BYTES = 30;
const ENTRY_BYTES = 46;
const END_BYTES = 22;

export interface Archive {
  readonly bytes: Buffer;
  /** Where each member begins. */
  readonly offsets: ReadonlyMap<string, number>;
}

export function zipArchive(members: Readonly<Record<string, Uint8Array>>): Archive {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets = new Map<string, number>();
  let at = 0;
  for (const [name, contents] of Object.entries(members)) {
    const headEnd = at + LOCAL_BYTES + name.length;
    const padding = (PAGE_BYTES - (headEnd % PAGE_BYTES)) % PAGE_BYTES;
    const local = Buffer.alloc(LOCAL_BYTES);
    local.writeUInt32LE(0x0403_4b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(padding, 28);
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.writeUInt32LE(0x0201_4b50, 0);
    entry.writeUInt32LE(contents.length, 20);
    entry.writeUInt32LE(contents.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    offsets.set(name, headEnd + padding);
    files.push(local, Buffer.from(name), Buffer.alloc(padding), Buffer.from(contents));
    directory.push(entry, Buffer.from(name));
    at = headEnd + padding + contents.length;
  }
  const count = Object.keys(members).length;
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return { bytes: Buffer.concat([...files, ...directory, end]), offsets };
}
