/** Where an argument of a function is when the function is entered. */

/** A part of an argument in a register of `pt_regs`. */
export interface RegisterPart {
  readonly register: string;
  /** Where in the argument the part belongs. */
  readonly offset: number;
  readonly sizeBytes: number;
}

export type ArgumentPlace =
  | { readonly kind: 'registers'; readonly parts: readonly RegisterPart[] }
  /** In memory, so many bytes from the stack pointer. */
  | { readonly kind: 'stack'; readonly offset: number }
  /** In memory, at the address in a register. */
  | { readonly kind: 'indirect'; readonly register: string }
  /** In a floating-point register, which no tracer sees. */
  | { readonly kind: 'unreadable' };
