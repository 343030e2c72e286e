/** Failures that only a bug in bpfleet itself can cause, kept apart from faults of users and machines. */

export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** @throws InternalError unless `condition` holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}
