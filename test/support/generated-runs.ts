/** How many random programs a test makes: under emulation fewer, and more in a search for faults. */

const SHARE = Number(process.env['GENERATED_SHARE'] ?? 1);

/** @param usual on an idle machine */
export function generatedRuns(usual: number): number {
  return Math.max(1, Math.round(usual * SHARE));
}

/** The same programs in every usual run, so that a change is judged by what it changed; a search makes new ones. */
export function generatedSeed(): number {
  return SHARE > 1 ? Math.floor(Math.random() * 2 ** 31) : 1;
}
