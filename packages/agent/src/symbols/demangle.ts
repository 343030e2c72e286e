/** Names of C++ and Rust functions as the source has them. */
import { demangleItanium } from './itanium/demangle-itanium.ts';
import { demangleRust } from './rust/demangle-rust.ts';

/** Older Rust names are names of C++ too, with a hash: Rust comes first. */
export function demangle(name: string): string {
  if (!/^_(?:R|(?:___)?Z)/.test(name)) return name;
  return demangleRust(name) ?? demangleItanium(name) ?? name;
}
