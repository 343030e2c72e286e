/** Runs many cases, and tells of each as it ends. */
import { spawnSync } from 'node:child_process';
import type { ConformanceCase } from './conformance-case.ts';
import { Features } from './features.ts';
import { scriptOf } from './case-script.ts';
import { kernelLacks } from './kernel-lacks.ts';
import { runCase, type CaseContext, type CaseOutcome } from './run-case.ts';
import { skipReason } from './skip-reason.ts';

export interface CaseResult {
  readonly testCase: ConformanceCase;
  readonly outcome: CaseOutcome;
  readonly durationMs: number;
}

export interface RunOptions extends CaseContext {
  /** How many cases run at a time; more than one is for machines with cores to spare. */
  readonly jobs: number;
  readonly onResult: (result: CaseResult) => void;
}

export async function runCaseOrSkip(
  testCase: ConformanceCase,
  features: Features,
  context: CaseContext,
): Promise<CaseOutcome> {
  const reason = skipReason(testCase, features, context.directory);
  if (reason !== undefined) return { kind: 'skipped', reason };
  const outcome = await runCase(testCase, context);
  if (outcome.kind !== 'failed') return outcome;
  const lacking = kernelLacks(testCase, scriptOf(testCase, context.directory), features);
  return lacking === undefined ? outcome : { kind: 'skipped', reason: lacking };
}

/**
 * Cases that run side by side may disturb each other, and on a slow machine what they trace may come too late: one that
 * fails is tried once more, alone, after the others.
 *
 * @throws when the tracer has no `--info`
 */
export async function runCases(
  cases: readonly ConformanceCase[],
  { jobs, onResult, ...context }: RunOptions,
): Promise<readonly CaseResult[]> {
  const info = spawnSync(context.tracer, ['--info'], { encoding: 'utf8' });
  if (info.status !== 0) throw new Error(`${context.tracer} --info failed: ${info.stderr}`);
  const features = new Features(info.stdout);
  const results: CaseResult[] = [];
  const waiting = [...cases];
  const doubtful: ConformanceCase[] = [];
  const run = async (testCase: ConformanceCase, alone: boolean): Promise<void> => {
    const start = performance.now();
    const outcome = await runCaseOrSkip(testCase, features, context);
    if (outcome.kind === 'failed' && !alone) {
      doubtful.push(testCase);
      return;
    }
    const result = { testCase, outcome, durationMs: performance.now() - start };
    results.push(result);
    onResult(result);
  };
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await run(next, jobs === 1 && context.patience === 1);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  for (const testCase of doubtful) await run(testCase, true);
  return results;
}
