/** Functions of the kernel by whatever name: one function may have several, and an address is one as well. */
import type { Kallsyms } from '@bpfleet/bpf';

export interface SameFunctions {
  readonly addresses: ReadonlySet<bigint>;
  /** Names of functions that others of the same code match by. */
  readonly aliases: ReadonlySet<string>;
}

/** Nothing where the kernel hides addresses; names are matched by themselves there. */
export function sameFunctions(
  kallsyms: Kallsyms,
  matches: (name: string) => boolean,
): SameFunctions {
  const addresses = new Set<bigint>();
  for (const { name, address } of kallsyms.functionAddresses()) {
    if (matches(name)) addresses.add(address);
  }
  const aliases = new Set<string>();
  if (addresses.size === 0) return { addresses, aliases };
  for (const { name, address } of kallsyms.functionAddresses()) {
    if (addresses.has(address)) aliases.add(name);
  }
  return { addresses, aliases };
}

/** Where the function begins that an address lies in. */
export function functionStart(kallsyms: Kallsyms, address: bigint): bigint | undefined {
  const symbol = kallsyms.resolve(address);
  return symbol === undefined ? undefined : address - BigInt(symbol.offsetBytes);
}
