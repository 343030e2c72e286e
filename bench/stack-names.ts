/** How long it takes from the interrupt to the end of a tracer that has many distinct user stacks to name and to print. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProgram, startProgram } from '../test/support/test-program.ts';
import type { CompileTime } from './compile-time.ts';
import { bpfleet, Tracing } from './tracer.ts';

const STACKS = 10_000;
/** The last turn is not seen: what calls the leaf has no part in its stack when it is entered. */
const CALLS = 2 * STACKS;

export async function stackNamesTime(): Promise<CompileTime> {
  const [firstMs, ...warmMs] = [await oneRunMs(), await oneRunMs(), await oneRunMs()];
  return { name: '10,000 stacks named and printed', firstMs, warmMs };
}

/** Throws if stacks are missing. */
async function oneRunMs(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bpfleet-bench-'));
  const path = join(folder, 'output');
  const output = openSync(path, 'w');
  const binary = buildProgram('many-stacks', 'many-stacks');
  const tracing = new Tracing(
    bpfleet,
    `config = { max_map_keys = ${CALLS} } uprobe:${binary}:leaf { @[ustack] = count(); }`,
    output,
  );
  const program = await startProgram(binary, String(CALLS));
  try {
    await tracing.untilAttached();
    await program.work();
    const begin = performance.now();
    await tracing.stop();
    const elapsed = performance.now() - begin;
    const stacks = readFileSync(path, 'utf8').split('\n@[').length - 1;
    if (stacks < STACKS) throw new Error(`${stacks} stacks of ${STACKS}`);
    return elapsed;
  } finally {
    await tracing.stop();
    await program.end();
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}
