/** `--test` and `--bench`: the probes of that kind are run one after the other, and nothing is attached. */
import { enableStats, type KernelCalls, type Program } from '@bpfleet/bpf';
import { renderText, type BenchmarkResult, type OutputItem } from '@bpfleet/protocol';
import type { Session } from '../session/session.ts';

export interface TrialOutput {
  /** Results. */
  readonly show: (item: OutputItem) => void;
  /** What went wrong with a benchmark. */
  readonly fail: (message: string) => void;
}

/** Says what the programs print. */
export class TrialCapture {
  #items: OutputItem[] = [];

  add(items: readonly OutputItem[]): void {
    this.#items.push(...items);
  }

  /** All since the last call. */
  take(): { readonly text: string; readonly failed: boolean } {
    const items = this.#items;
    this.#items = [];
    return {
      text: items.map((item) => renderText(item).text).join(''),
      failed: items.some(isFault),
    };
  }
}

function isFault({ kind }: OutputItem): boolean {
  return kind === 'errorf' || kind === 'runtime-error' || kind === 'helper-error';
}

/** A test passes if it returns 0, reports no error and exits with no other code. Returns the exit code of the run. */
export function runTests(session: Session, capture: TrialCapture, { show }: TrialOutput): number {
  const trials = session.trials('test');
  const tests = trials.map(({ name }) => name);
  const passed: boolean[] = [];
  for (const { program } of trials) {
    const { result, exitCode, durationNs } = session.try(program);
    const { text, failed } = capture.take();
    passed.push(result === 0 && exitCode === 0 && !failed);
    show({ kind: 'test-result', tests, passed: [...passed], durationNs, output: text });
  }
  return passed.every(Boolean) ? 0 : 1;
}

/** A benchmark that returns something else than 0 is skipped. Returns the exit code of the run. */
export function runBenchmarks(
  session: Session,
  capture: TrialCapture,
  calls: KernelCalls,
  { show, fail }: TrialOutput,
): number {
  const trials = session.trials('bench');
  const benchmarks = trials.map(({ name }) => name);
  using _statistics = enableStats(calls);
  let first = true;
  let exitCode = 0;
  for (const { name, program } of trials) {
    const measured = measure(session, capture, program);
    if (measured === 'failed') {
      fail(`Benchmark '${name}' failed.`);
      exitCode = 1;
    } else if (measured !== 'skipped') {
      show({ kind: 'benchmark-result', name, benchmarks, first, ...measured });
      first = false;
    }
  }
  return exitCode;
}

/** Enough for the clock to be exact. */
const ENOUGH_NS = 1_000_000n;

/** By how much to run longer when a measurement took less than that. */
const GROWTH = [
  [1000n, 1000],
  [10_000n, 100],
  [100_000n, 10],
  [ENOUGH_NS, 2],
] as const;

/** Longer and longer, until the program has taken long enough. */
function measure(
  session: Session,
  capture: TrialCapture,
  program: Program,
): Pick<BenchmarkResult, 'averageNs' | 'iterations'> | 'skipped' | 'failed' {
  for (let iterations = 1; ;) {
    const before = program.stats();
    const { result, exitCode, durationNs } = session.try(program, iterations);
    const after = program.stats();
    const { failed } = capture.take();
    if (exitCode !== 0 || failed) return 'failed';
    if (result !== 0) return 'skipped';
    // The kernel's clock leaves out what calling it takes.
    const counted = after.runCount > before.runCount;
    const totalNs = counted ? after.runTimeNs - before.runTimeNs : durationNs;
    const growth = GROWTH.find(([lessThanNs]) => totalNs < lessThanNs);
    if (growth === undefined) {
      return { averageNs: totalNs / BigInt(iterations), iterations };
    }
    iterations *= growth[1];
  }
}
