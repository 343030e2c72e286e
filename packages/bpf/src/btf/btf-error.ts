/** BTF that is damaged, or that lacks what was asked of it. */

export class BtfError extends Error {
  override readonly name = 'BtfError';
}
