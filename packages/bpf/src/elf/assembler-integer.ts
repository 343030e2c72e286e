/** Integers as assemblers print them: decimal or hexadecimal, with a sign. */

/** `text` is an optional sign and digits, checked by the caller's pattern. */
export function assemblerInteger(text: string): bigint {
  // `BigInt` does not take a sign ahead of hexadecimal digits.
  if (text.startsWith('-')) return -BigInt(text.slice(1));
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}
