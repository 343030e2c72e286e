/** A map that could not be made, read or written: `create map @x: bpf(BPF_MAP_CREATE): EPERM: …`. */

export class MapError extends Error {
  override readonly name = 'MapError';

  constructor(operation: string, cause: unknown) {
    super(`${operation}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
