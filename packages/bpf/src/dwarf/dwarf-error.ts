/** Debug information that is damaged, or that this reader does not know. The message says which part, first. */
export class DwarfError extends Error {
  override readonly name: string = 'DwarfError';
}
