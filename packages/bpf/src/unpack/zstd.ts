/**
 * Frames of zstd (RFC 8878) without a dictionary. Their checksums are not compared.
 */
import { Output } from './output.ts';
import { UnpackError } from './unpack-error.ts';
import { newZstdState, unpackBlock } from './zstd-block.ts';

const MAGIC = 0xfd2f_b528;
const SKIPPABLE = 0x184d_2a50;
const MAX_BLOCK_BYTES = 1 << 17;
/** Bytes of a frame's size by the two highest bits of its header; the first where it has no window. */
const SIZE_BYTES = [0, 2, 4, 8] as const;
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;

/** @throws UnpackError for data that is damaged, of another kind, or that is more than `limitBytes` unpacked. */
export function unpackZstd(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const output = new Output(limitBytes);
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) throw new UnpackError('zstd data ends too early');
    const magic = view.getUint32(at, true);
    if (magic === MAGIC) at = unpackFrame(bytes, at + 4, output);
    else if ((magic & ~0xf) === SKIPPABLE) at += 8 + view.getUint32(at + 4, true);
    else throw new UnpackError('no zstd data');
  }
  return output.bytes;
}

/** Gives where the frame ends. Sizes that its header tells are not used: what follows says it all. */
function unpackFrame(bytes: Uint8Array, from: number, output: Output): number {
  const header = bytes[from] ?? 0;
  const isSingle = (header & 0x20) !== 0;
  const hasChecksum = (header & 4) !== 0;
  const sizeBytes = (SIZE_BYTES[header >> 6] ?? 0) || (isSingle ? 1 : 0);
  let at = from + 1 + (isSingle ? 0 : 1) + (DICTIONARY_BYTES[header & 3] ?? 0) + sizeBytes;
  const state = newZstdState();
  for (let isLast = false; !isLast;) {
    const [low, middle, high] = bytes.subarray(at, at + 3);
    if (low === undefined || middle === undefined || high === undefined) {
      throw new UnpackError('zstd data ends too early');
    }
    isLast = (low & 1) !== 0;
    const kind = (low >> 1) & 3;
    const size = (low >> 3) | (middle << 5) | (high << 13);
    at += 3;
    const packed = kind === 1 ? 1 : size;
    if (kind === 3 || size > MAX_BLOCK_BYTES || at + packed > bytes.length) {
      throw new UnpackError('damaged zstd data');
    }
    const block = bytes.subarray(at, at + packed);
    if (kind === 0) output.append(block);
    else if (kind === 1) output.fill(block[0] ?? 0, size);
    else unpackBlock(block, state, output);
    at += packed;
  }
  return at + (hasChecksum ? 4 : 0);
}
