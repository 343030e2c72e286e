/**
 * Files of xz, as far as ELF files hold some: blocks of LZMA2 without further filters. Their checksums are not compared.
 *
 * Format: https://tukaani.org/xz/xz-file-format.txt
 */
import { unpackLzma2 } from './lzma2.ts';
import { Output } from './output.ts';
import { UnpackError } from './unpack-error.ts';

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] as const;
const STREAM_HEADER_BYTES = 12;
const LZMA2_FILTER = 0x21;
/** Bytes of the checksum behind each block, by its kind: none, CRC-32, CRC-64, SHA-256. */
const checkBytes: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [1, 4],
  [4, 8],
  [10, 32],
]);

/** @throws UnpackError for data that is damaged, of another kind, or that is more than `limitBytes` unpacked. */
export function unpackXz(bytes: Uint8Array, limitBytes: number): Uint8Array {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) throw new UnpackError('no xz data');
  const check = checkBytes.get((bytes[7] ?? 0) & 0xf);
  if (check === undefined) throw new UnpackError('xz data with an unknown checksum');
  const output = new Output(limitBytes);
  let at = STREAM_HEADER_BYTES;
  // A zero instead of a header's size begins the index.
  for (let words = bytes[at]; words !== undefined && words !== 0; words = bytes[at]) {
    const headerBytes = (words + 1) * 4;
    checkBlockHeader(bytes.subarray(at, at + headerBytes));
    const start = at + headerBytes;
    const end = unpackLzma2(bytes, start, output);
    at = start + Math.ceil((end - start) / 4) * 4 + check;
  }
  return output.bytes;
}

function checkBlockHeader(header: Uint8Array): void {
  const flags = header[1] ?? 0;
  let at = 2;
  const skipNumber = (): void => {
    while (((header[at] ?? 0) & 0x80) !== 0) at++;
    at++;
  };
  if ((flags & 0x40) !== 0) skipNumber();
  if ((flags & 0x80) !== 0) skipNumber();
  if ((flags & 3) !== 0 || header[at] !== LZMA2_FILTER) {
    throw new UnpackError('xz data with a filter other than LZMA2');
  }
}
