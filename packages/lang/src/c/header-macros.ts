/** The macros of known headers. */
import type { Macros } from './macro-expander.ts';

export function headerMacros(): Macros {
  return new Map();
}
