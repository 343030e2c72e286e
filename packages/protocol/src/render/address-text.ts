/** An address as a C++ stream prints a pointer: hexadecimal, and `0` alone for null. */
export function addressText(address: bigint): string {
  return address === 0n ? '0' : `0x${address.toString(16)}`;
}
