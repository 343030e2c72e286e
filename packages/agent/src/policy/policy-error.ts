/** A policy that cannot be obeyed: which file, where in it, and what is wrong. */
export class PolicyError extends Error {
  override readonly name: string = 'PolicyError';
}
