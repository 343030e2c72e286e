/** Runs one case: sets it up, starts the tracer, waits for its end or its time, and judges what it printed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CaseSurroundings } from './case-surroundings.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { unmet } from './expectation.ts';
import { ShellProcess } from './shell-process.ts';

export type CaseOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reasons: readonly string[]; readonly output: string };

export interface CaseContext {
  /** The tracer's executable. */
  readonly tracer: string;
  readonly directory: string;
  /** How many times longer everything may take than the suite says. */
  readonly patience: number;
}

/** A tracer that prints this knows that the case makes no sense when compiled ahead of time. */
const NOT_AHEAD_OF_TIME = '__BPFTRACE_NOTIFY_AOT_PORTABILITY_DISABLED';
const ATTACHED = '__BPFTRACE_NOTIFY_PROBES_ATTACHED';
const ATTACH_SECONDS = 10;
/** Between asking a process to end and ending it. */
const GRACE_SECONDS = 1;

/** The shell line that runs a case. */
export function commandLine(
  { command, expectations }: ConformanceCase,
  tracer: string,
  prefix: string,
): string {
  const call = `${tracer} --verify-llvm-ir`;
  if (command.kind === 'shell') return prefix + command.line.replaceAll('{{BPFTRACE}}', call);
  const json = expectations[0]?.kind === 'json' ? ' -q -f json' : '';
  const quoted = command.text.replaceAll("'", String.raw`'\''`);
  return `${prefix}${tracer}${json} --verify-llvm-ir -e '${quoted}'`;
}

/** Runs SETUP or CLEANUP; what is wrong, or undefined. */
function runStep(name: string, line: string | undefined, directory: string): string | undefined {
  if (line === undefined) return undefined;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], {
    cwd: directory,
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `${name} failed: ${stdout}${stderr}`;
}

function readExpected({ timestampSeconds }: ConformanceCase, path: string): string {
  const text = readFileSync(path, 'utf8');
  if (timestampSeconds === undefined) return text;
  const { stdout } = spawnSync('date', ['-d', `@${timestampSeconds}`, `+${text}`], {
    encoding: 'utf8',
  });
  return stdout;
}

interface Run {
  readonly output: string;
  /** Absent when the case had to be ended. */
  readonly exitCode: number | undefined;
}

async function runTracer(
  testCase: ConformanceCase,
  { tracer, directory, patience }: CaseContext,
  surroundings: CaseSurroundings,
): Promise<Run> {
  const exact = testCase.expectations.some(({ kind }) => kind === 'file' || kind === 'json');
  const pid = surroundings.firstPid;
  const line = commandLine(testCase, tracer, surroundings.prefix);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onTimeout: () => void = () => undefined;
  const timedOut = new Promise<undefined>((done) => {
    onTimeout = () => done(undefined);
  });
  const allow = (seconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(onTimeout, seconds * patience * 1000);
  };
  let attached = false;
  const shell = new ShellProcess(
    pid === undefined ? line : line.replaceAll('{{BEFORE_PID}}', String(pid)),
    {
      directory,
      environment: {
        PATH: process.env['PATH'] ?? '',
        test: testCase.name,
        [ATTACHED]: '1',
        [NOT_AHEAD_OF_TIME]: '1',
        ...testCase.environment,
      },
      onLine: (text) => {
        if (attached || text !== ATTACHED) return;
        attached = true;
        if (exact) shell.forgetThrough(ATTACHED);
        allow(testCase.timeoutSeconds);
        surroundings.runAfter();
      },
    },
  );
  allow(ATTACH_SECONDS);
  const ended = await Promise.race([shell.ended, timedOut]);
  clearTimeout(timer);
  if (ended === undefined) {
    shell.kill('SIGTERM');
    await Promise.race([shell.ended, delay(GRACE_SECONDS * patience * 1000)]);
    shell.kill('SIGKILL');
    await shell.ended;
  }
  return { output: shell.output, exitCode: ended?.exitCode };
}

function judge(testCase: ConformanceCase, run: Run, directory: string): CaseOutcome {
  const { output, exitCode } = run;
  if (output.includes(NOT_AHEAD_OF_TIME)) {
    return { kind: 'skipped', reason: 'not compiled ahead of time' };
  }
  const reasons = testCase.expectations.flatMap(
    (expectation) =>
      unmet(expectation, output, (path) => readExpected(testCase, resolve(directory, path))) ?? [],
  );
  if (exitCode === undefined) {
    // A case that never ends of itself is judged by its output.
    if (reasons.length > 0) reasons.push(`ended after ${testCase.timeoutSeconds} s`);
  } else if (testCase.willFail && exitCode === 0) {
    reasons.unshift('exit code 0, but it should fail');
  } else if (!testCase.willFail && exitCode !== testCase.returnCode) {
    reasons.unshift(`exit code ${exitCode}`);
  }
  return reasons.length === 0 ? { kind: 'passed' } : { kind: 'failed', reasons, output };
}

export async function runCase(
  testCase: ConformanceCase,
  context: CaseContext,
): Promise<CaseOutcome> {
  const { directory, patience } = context;
  const failed = (reason: string): CaseOutcome => ({
    kind: 'failed',
    reasons: [reason],
    output: '',
  });
  const notSetUp = runStep('SETUP', testCase.setup, directory);
  if (notSetUp !== undefined) return failed(notSetUp);
  const surroundings = new CaseSurroundings(testCase, directory, ATTACH_SECONDS * patience * 1000);
  let outcome: CaseOutcome;
  try {
    await surroundings.start();
    outcome = judge(testCase, await runTracer(testCase, context, surroundings), directory);
  } catch (error) {
    outcome = failed(error instanceof Error ? error.message : String(error));
  }
  await surroundings.end(GRACE_SECONDS * patience * 1000);
  const notCleanedUp = runStep('CLEANUP', testCase.cleanup, directory);
  return notCleanedUp === undefined || outcome.kind === 'failed' ? outcome : failed(notCleanedUp);
}
