/** Writes the "newc" cpio archives that Linux takes as an initramfs. */

export interface CpioEntry {
  /** Folders come before what is in them. */
  readonly path: string;
  /** With the file type: 0o040755 a folder, 0o100644 a file. */
  readonly mode: number;
  readonly data?: Uint8Array;
}

const TRAILER = 'TRAILER!!!';

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

function record(inode: number, { path, mode, data = new Uint8Array() }: CpioEntry): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length, 0];
  const head = Buffer.concat([
    Buffer.from('070701' + fields.map((field) => field.toString(16).padStart(8, '0')).join('')),
    name,
  ]);
  return [head, padding(head.length), Buffer.from(data), padding(data.length)];
}

export function cpio(entries: readonly CpioEntry[]): Buffer {
  const all = [...entries, { path: TRAILER, mode: 0 }];
  return Buffer.concat(all.flatMap((entry, index) => record(index + 1, entry)));
}
