/** Writes the "newc" cpio archives that Linux takes as an initramfs. */

/**
 * @typedef {{ readonly path: string, readonly mode: number, readonly data?: Uint8Array }} Entry
 *   `mode` includes the file type: 0o040755 a folder, 0o100644 a file. Folders come before what is in them.
 */

const TRAILER = 'TRAILER!!!';

/** @param {number} length */
function padding(length) {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

/** @param {number} inode @param {Entry} entry */
function record(inode, { path, mode, data = new Uint8Array() }) {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length, 0];
  const head = Buffer.concat([
    Buffer.from('070701' + fields.map((field) => field.toString(16).padStart(8, '0')).join('')),
    name,
  ]);
  return [head, padding(head.length), Buffer.from(data), padding(data.length)];
}

/** @param {readonly Entry[]} entries */
export function cpio(entries) {
  const all = [...entries, { path: TRAILER, mode: 0 }];
  return Buffer.concat(all.flatMap((entry, index) => record(index + 1, entry)));
}
