/** A file that is no ELF object of ours, or that is damaged. */

export class ElfError extends Error {
  override readonly name = 'ElfError';
}
