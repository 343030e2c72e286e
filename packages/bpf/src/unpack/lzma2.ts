/** LZMA2: chunks of LZMA data, or of bytes as they are, one after the other. */
import { LzmaState, lzmaProperties, type LzmaProperties } from './lzma-state.ts';
import type { Output } from './output.ts';
import { RangeDecoder } from './range-decoder.ts';
import { UnpackError } from './unpack-error.ts';

const END = 0;
const PLAIN_WITH_RESET = 1;
const PLAIN = 2;
const LZMA = 0x80;

/**
 * Gives where the data ends.
 * @throws UnpackError
 */
export function unpackLzma2(bytes: Uint8Array, from: number, output: Output): number {
  let at = from;
  let dictionaryStart: number | undefined;
  let properties: LzmaProperties | undefined;
  let state: LzmaState | undefined;
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new UnpackError('LZMA2 data ends too early');
    at += count;
    return bytes.subarray(at - count, at);
  };
  const size = (): number => {
    const [high = 0, low = 0] = take(2);
    return high * 256 + low + 1;
  };
  for (;;) {
    const [control = 0] = take(1);
    if (control === END) return at;
    if (control === PLAIN_WITH_RESET || control >= 0xe0) dictionaryStart = output.length;
    if (dictionaryStart === undefined) throw new UnpackError('LZMA2 data without a beginning');
    if (control < LZMA) {
      if (control > PLAIN) throw new UnpackError('LZMA2 chunk of an unknown kind');
      output.append(take(size()));
      continue;
    }
    const unpackedBytes = (control & 0x1f) * 65_536 + size();
    const packedBytes = size();
    const reset = (control >> 5) & 3;
    if (reset >= 2) properties = lzmaProperties(take(1)[0] ?? 0);
    if (properties === undefined) throw new UnpackError('LZMA2 data without properties');
    if (reset >= 1) state = new LzmaState(properties);
    if (state === undefined) throw new UnpackError('LZMA2 data without a state');
    const input = new RangeDecoder(take(packedBytes));
    state.run(input, output, dictionaryStart, output.length + unpackedBytes);
    if (!input.isFinished) throw new UnpackError('damaged LZMA2 data');
  }
}
