/** Search for a sequence of bytes: how names are found in debug information without an index. */

/** Where `wanted` begins, in order. */
export function* findBytes(bytes: Uint8Array, wanted: Uint8Array): Generator<number> {
  // Zeros are the most frequent bytes by far, so the search is for another one where there is any.
  const anchor = Math.max(
    wanted.findIndex((byte) => byte !== 0),
    0,
  );
  const first = wanted[anchor];
  if (first === undefined) return;
  let at = bytes.indexOf(first, anchor);
  while (at !== -1) {
    const start = at - anchor;
    if (start + wanted.length > bytes.length) return;
    if (wanted.every((byte, index) => bytes[start + index] === byte)) yield start;
    at = bytes.indexOf(first, at + 1);
  }
}
