/** A place in the code of a user program: in which file, and at which address that was linked for. */
import type { UserFile } from '../debug/user-file.ts';

export interface CodePlace {
  readonly file: UserFile;
  readonly address: number;
}

export interface UserSymbol {
  readonly name: string;
  readonly offset: number;
}

export function symbolAt({ file, address }: CodePlace): UserSymbol | undefined {
  const symbol = file.stubs.includes(address)
    ? file.stubs.find(address)
    : file.symbols.findByAddress(address);
  return symbol === undefined ? undefined : { name: symbol.name, offset: address - symbol.address };
}
