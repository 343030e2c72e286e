/** Fuzzes targets one after the other, each in a process that is ended when an input makes it hang or eat memory. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Told, Work } from './child-main.ts';
import { readCurrentInput } from './current-input.ts';
import type { FuzzTarget } from './target.ts';

export interface CampaignOptions {
  readonly milliseconds: number;
  readonly seed: number;
  readonly corpusFolders: readonly string[];
  readonly coverage: boolean;
}

export interface CampaignFinding {
  readonly input: Uint8Array;
  readonly signature: string;
  readonly text: string;
}

export interface Outcome {
  readonly runs: number;
  readonly seconds: number;
  readonly corpus: number;
  readonly findings: readonly CampaignFinding[];
  /** Inputs that ran code which no input before had run. */
  readonly kept: readonly Uint8Array[];
}

/** One input may take so long on a machine that is busy with other things. */
const HANG_MS = 20_000;
const LOOK_MS = 500;
const HEAP_MB = 1024;
const MAX_SAID = 2000;

export async function fuzzTarget(target: FuzzTarget, options: CampaignOptions): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'bpfleet-fuzz-'));
  try {
    return await fuzzIn(directory, target, options);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function fuzzIn(
  directory: string,
  target: FuzzTarget,
  options: CampaignOptions,
): Promise<Outcome> {
  const findings: CampaignFinding[] = [];
  const kept: Uint8Array[] = [];
  const started = performance.now();
  const currentPath = join(directory, 'current');
  let runs = 0;
  let corpus = 0;
  for (let round = 0; ; round++) {
    const left = options.milliseconds - (performance.now() - started);
    if (left <= 0 && round > 0) break;
    writeFileSync(currentPath, '');
    const work: Work = {
      target: target.name,
      // A process that was ended is followed by one that makes other inputs.
      seed: options.seed + round,
      milliseconds: Math.max(left, 0),
      corpusFolders: options.corpusFolders,
      coverage: options.coverage,
      currentPath,
    };
    const end = await watch(work, (told) => {
      if (told.kind === 'finding') findings.push(told);
      else if (told.kind === 'kept') kept.push(told.input);
      else corpus = told.corpus;
    });
    const { begun } = readCurrentInput(currentPath);
    runs += begun;
    if (end === undefined) break;
    if (begun === 0) throw new Error(`fuzz ${target.name}: ${end.text}`);
    if (!findings.some(({ signature }) => signature === end.signature)) findings.push(end);
  }
  const seconds = (performance.now() - started) / 1000;
  return { runs, seconds, corpus, findings, kept };
}

/** Resolves with what ended the process before its time, if anything did. */
async function watch(work: Work, take: (told: Told) => void): Promise<CampaignFinding | undefined> {
  const child = fork(new URL('child-main.ts', import.meta.url), [JSON.stringify(work)], {
    execArgv: [...process.execArgv, `--max-old-space-size=${HEAP_MB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  let done = false;
  let hung = false;
  let begun = 0;
  let since = performance.now();
  child.stderr?.on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(0, MAX_SAID);
  });
  child.on('message', (told: Told) => {
    take(told);
    done ||= told.kind === 'done';
  });
  const watchdog = setInterval(() => {
    const now = readCurrentInput(work.currentPath).begun;
    if (now !== begun) {
      begun = now;
      since = performance.now();
    } else if (begun > 0 && performance.now() - since > HANG_MS && !done) {
      hung = true;
      child.kill('SIGKILL');
    }
  }, LOOK_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watchdog);
  if (done) return undefined;
  const { input } = readCurrentInput(work.currentPath);
  if (hung) {
    const text = `one input took longer than ${HANG_MS / 1000} s`;
    return { input, signature: `hangs: ${work.target}`, text };
  }
  return { input, signature: `ends the process: ${work.target}`, text: said };
}
