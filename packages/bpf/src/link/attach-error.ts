/** A probe that could not be attached: `attach kprobe:vfs_reed: perf_event_open: ENOENT: no such symbol`. */

export class AttachError extends Error {
  override readonly name = 'AttachError';
  /** The attach point as the user wrote it. */
  readonly probe: string;

  constructor(probe: string, cause: unknown) {
    super(`attach ${probe}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.probe = probe;
  }
}

/** Runs an attachment; what it throws names the probe. */
export function attaching<T>(probe: string, attach: () => T): T {
  try {
    return attach();
  } catch (error) {
    throw new AttachError(probe, error);
  }
}
