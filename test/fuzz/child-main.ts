/** The process that fuzzes one target until its time is over; its parent ends it when it hangs. */
import { Coverage } from './coverage.ts';
import { corpusOf } from './corpus.ts';
import { CurrentInputFile } from './current-input.ts';
import { Fuzzer, type Finding } from './fuzzer.ts';
import { shrink } from './shrink.ts';
import { findTarget } from './targets/index.ts';

export interface Work {
  readonly target: string;
  readonly seed: number;
  readonly milliseconds: number;
  readonly corpusFolders: readonly string[];
  readonly coverage: boolean;
  /** Where it says what it is running. */
  readonly currentPath: string;
}

export type Told =
  | {
      readonly kind: 'finding';
      readonly input: Uint8Array;
      readonly signature: string;
      readonly text: string;
    }
  | { readonly kind: 'kept'; readonly input: Uint8Array }
  | { readonly kind: 'done'; readonly runs: number; readonly corpus: number };

/** Between two looks at what code has run. */
const BATCH = 256;

const work = JSON.parse(process.argv[2] ?? '') as Work;
const target = findTarget(work.target);
const current = new CurrentInputFile(work.currentPath);
const known = new Set<string>();

function tell(told: Told): void {
  process.send?.(told);
}

async function report(finding: Finding, fuzzer: Fuzzer): Promise<void> {
  if (known.has(finding.signature)) return;
  known.add(finding.signature);
  const { input, signature, error } = await shrink(finding, fuzzer);
  tell({ kind: 'finding', input, signature, text: error.stack ?? String(error) });
}

/** Of inputs among which some ran new code, those that do: halves are tried, and halves of those that have one. */
async function keepNew(
  inputs: readonly Uint8Array[],
  fuzzer: Fuzzer,
  coverage: Coverage,
): Promise<void> {
  const middle = Math.ceil(inputs.length / 2);
  const [only] = inputs;
  if (middle === inputs.length && only !== undefined) {
    fuzzer.corpus.push(only);
    return tell({ kind: 'kept', input: only });
  }
  for (const half of [inputs.slice(0, middle), inputs.slice(middle)]) {
    for (const input of half) await fuzzer.run(input);
    if (coverage.takeNew(half.length === 1) > 0) await keepNew(half, fuzzer, coverage);
  }
}

async function fuzz(): Promise<void> {
  const end = performance.now() + work.milliseconds;
  const corpus = corpusOf(target, work.corpusFolders);
  const fuzzer = new Fuzzer(target, corpus, work.seed, (input) => current.set(input));
  for (const input of corpus) {
    const finding = await fuzzer.run(input);
    if (finding !== undefined) await report(finding, fuzzer);
  }
  const coverage = work.coverage ? new Coverage() : undefined;
  // What was loaded and run before it counted.
  for (const input of corpus) await fuzzer.run(input);
  coverage?.takeNew(true);
  while (performance.now() < end) {
    const batch: Uint8Array[] = [];
    for (let index = 0; index < BATCH && performance.now() < end; index++) {
      const input = fuzzer.next();
      batch.push(input);
      const finding = await fuzzer.run(input);
      if (finding !== undefined) await report(finding, fuzzer);
    }
    if (coverage !== undefined && coverage.takeNew(false) > 0)
      await keepNew(batch, fuzzer, coverage);
  }
  coverage?.close();
  tell({ kind: 'done', runs: current.begun, corpus: fuzzer.corpus.length });
}

await fuzz();
current.close();
process.disconnect();
