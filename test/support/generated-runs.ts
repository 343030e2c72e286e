/** How many random programs a test makes: under emulation fewer, and more in a search for faults. */

const SHARE = Number(process.env['GENERATED_SHARE'] ?? 1);

/** @param usual on an idle machine */
export function generatedRuns(usual: number): number {
  return Math.max(1, Math.round(usual * SHARE));
}
