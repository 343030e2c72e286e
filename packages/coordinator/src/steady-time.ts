/**
 * This process's own time: Unix time when it was first asked for, going on by the monotonic clock. Setting the machine's
 * clock does not move it, so that what has been seen and what is due stay as far apart as they are.
 */
let originMs: number | undefined;

/** Milliseconds. */
export function steadyMs(): number {
  const sinceMs = performance.now();
  originMs ??= Date.now() - sinceMs;
  return originMs + sinceMs;
}

/** By how much the machine's clock has been set since, milliseconds: Unix time is so much more than this process's. */
export function clockSetByMs(): number {
  return Math.round(Date.now() - steadyMs());
}
