/** Buffers as `%r`, `%rx` and `%rh` print them. */

/** `ascii`: printable bytes as they are, others `\xNN`; `escaped`: every byte `\xNN`; `spaced`: `NN NN`. */
export type BufferStyle = 'ascii' | 'escaped' | 'spaced';

export function bufferText(bytes: Uint8Array, style: BufferStyle): string {
  const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
  if (style === 'spaced') return [...bytes].map(hex).join(' ');
  let text = '';
  for (const byte of bytes) {
    const printable = style === 'ascii' && byte >= 32 && byte <= 126;
    text += printable ? String.fromCharCode(byte) : `\\x${hex(byte)}`;
  }
  return text;
}
