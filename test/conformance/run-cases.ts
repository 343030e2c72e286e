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

/** @throws when the tracer has no `--info` */
export async function runCases(
  cases: readonly ConformanceCase[],
  { jobs, onResult, ...context }: RunOptions,
): Promise<readonly CaseResult[]> {
  const info = spawnSync(context.tracer, ['--info'], { encoding: 'utf8' });
  if (info.status !== 0) throw new Error(`${context.tracer} --info failed: ${info.stderr}`);
  const features = new Features(info.stdout);
  const results: CaseResult[] = [];
  const waiting = [...cases];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const start = performance.now();
      const outcome = await runCaseOrSkip(next, features, context);
      const result = { testCase: next, outcome, durationMs: performance.now() - start };
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return results;
}
