/** Names in the string sections of a BTF blob and of those below it, compared without decoding them. */

/** String sections, each with the name offset at which it begins; that of the base comes first. */
export type BtfStrings = readonly { readonly from: number; readonly bytes: Uint8Array }[];

export interface NameBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
}

/** Where a name is; a module names by the strings of vmlinux what is named there too. */
export function nameBytes(strings: BtfStrings, offset: number): NameBytes | undefined {
  for (let index = strings.length - 1; index >= 0; index--) {
    const section = strings[index];
    if (section !== undefined && offset >= section.from) {
      return { bytes: section.bytes, start: offset - section.from };
    }
  }
  return undefined;
}

export function isNamed({ bytes, start }: NameBytes, wanted: Uint8Array): boolean {
  if (bytes[start] !== wanted[0] || (bytes[start + wanted.length] ?? 0) !== 0) return false;
  return wanted.every((byte, index) => bytes[start + index] === byte);
}
