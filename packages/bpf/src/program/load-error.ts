/** A program that could not be loaded for another reason than the verifier: `load program x: …: EPERM: …`. */

export class LoadError extends Error {
  override readonly name = 'LoadError';

  constructor(program: string, cause: unknown) {
    super(`load program ${program}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
