/**
 * Which of our code has ever run, as V8 counts it by blocks. Asking takes milliseconds, so it is done for many inputs at
 * a time, and one by one only for those among which something new happened.
 */
import { Session, type Profiler } from 'node:inspector';

const OURS = /\/packages\/[\w-]+\/src\//;

export class Coverage {
  readonly #session = new Session();
  /** By script: 1 for each character of it that has run. */
  readonly #seen = new Map<string, Uint8Array>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /**
   * How many characters of code have run since it was last asked, and never before.
   *
   * @param remember that they have now
   */
  takeNew(remember: boolean): number {
    let fresh = 0;
    for (const script of this.#take()) {
      if (!OURS.test(script.url)) continue;
      for (const { ranges } of script.functions) {
        fresh += this.#countNew(script.scriptId, ranges, remember);
      }
    }
    return fresh;
  }

  close(): void {
    this.#session.disconnect();
  }

  #take(): readonly Profiler.ScriptCoverage[] {
    let taken: readonly Profiler.ScriptCoverage[] = [];
    // The answer comes before the call returns: the session is of this thread.
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      taken = result;
    });
    return taken;
  }

  /** Ranges are nested, outer ones first. */
  #countNew(script: string, ranges: readonly Profiler.CoverageRange[], remember: boolean): number {
    const [whole] = ranges;
    if (whole === undefined || whole.count === 0) return 0;
    const { startOffset, endOffset } = whole;
    const seen = this.#seenOf(script, endOffset);
    const now = new Uint8Array(endOffset - startOffset);
    for (const range of ranges) {
      const value = range.count > 0 ? 1 : 0;
      now.fill(value, range.startOffset - startOffset, range.endOffset - startOffset);
    }
    let fresh = 0;
    for (let index = 0; index < now.length; index++) {
      if (now[index] !== 1 || seen[startOffset + index] === 1) continue;
      if (remember) seen[startOffset + index] = 1;
      fresh++;
    }
    return fresh;
  }

  #seenOf(script: string, length: number): Uint8Array {
    const seen = this.#seen.get(script);
    if (seen !== undefined && seen.length >= length) return seen;
    const larger = new Uint8Array(2 * length);
    if (seen !== undefined) larger.set(seen);
    this.#seen.set(script, larger);
    return larger;
  }
}
