/** Compressed bytes that are damaged, of an unknown kind, or that would unpack to more than is sensible. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError';
}
