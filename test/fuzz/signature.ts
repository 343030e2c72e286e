/** What tells one fault from another: the kind of the error, and where in our code it came from. */

const OURS = /(?:packages\/[\w-]+\/src|test\/fuzz\/targets)\/[^\s):]+:\d+/;

export function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error).slice(0, 80)}`;
  const place = OURS.exec(error.stack ?? '')?.[0] ?? '?';
  return `${error.name} at ${place}`;
}
