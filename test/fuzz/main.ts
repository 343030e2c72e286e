/** `npm run fuzz`: hostile bytes for everything that reads what somebody else wrote. Fails when it finds a fault. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzzTarget, type Outcome } from './campaign.ts';
import { CORPUS_FOLDER } from './corpus.ts';
import { Fuzzer } from './fuzzer.ts';
import type { FuzzTarget } from './target.ts';
import { findTarget, TARGETS } from './targets/index.ts';

const HELP = `npm run fuzz -- [OPTIONS] [TARGET…]

Runs what decodes, parses or answers input of others with inputs made from well-formed ones. Anything but an answer or an
error that the code documents is a finding: another exception, an input that takes longer than 20 s or too much memory. Each is made
smaller and written to a file.

  --minutes N      for all targets together (1)
  --seed N         the same seed and corpus make the same inputs (1)
  --corpus DIR     take inputs from DIR/TARGET as well, and keep there those that ran new code
  --findings DIR   where findings are written (.fuzz/findings)
  --no-coverage    do not look which inputs run new code
  --replay FILE    run the one TARGET with this input, and no other
  --list           the targets
  --help           this text

  npm run fuzz -- --minutes 10
  npm run fuzz -- --minutes 5 --corpus .fuzz/corpus elf dwarf
  npm run fuzz -- --replay .fuzz/findings/elf-0a1b2c3d elf
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    corpus: { type: 'string' },
    findings: { type: 'string', default: '.fuzz/findings' },
    'no-coverage': { type: 'boolean', default: false },
    replay: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function nameOf(target: FuzzTarget, input: Uint8Array): string {
  return `${target.name}-${createHash('sha256').update(input).digest('hex').slice(0, 8)}`;
}

async function replay(target: FuzzTarget, path: string): Promise<boolean> {
  const input = new Uint8Array(readFileSync(path));
  const started = performance.now();
  const finding = await new Fuzzer(target, [input], 1).run(input);
  const milliseconds = (performance.now() - started).toFixed(1);
  console.log(`${target.name}: ${milliseconds} ms, ${finding?.error.stack ?? 'no fault'}`);
  return finding === undefined;
}

async function fuzzAll(targets: readonly FuzzTarget[]): Promise<boolean> {
  const milliseconds = (Number(values.minutes) * 60_000) / targets.length;
  const seed = Number(values.seed);
  const corpusFolders = [CORPUS_FOLDER, ...(values.corpus === undefined ? [] : [values.corpus])];
  let found = 0;
  for (const target of targets) {
    const coverage = !values['no-coverage'];
    const outcome = await fuzzTarget(target, { milliseconds, seed, corpusFolders, coverage });
    tell(target, outcome);
    found += outcome.findings.length;
  }
  console.log(found === 0 ? 'nothing found' : `${found} found`);
  return found === 0;
}

function tell(target: FuzzTarget, { runs, seconds, corpus, findings, kept }: Outcome): void {
  const rate = Math.round(runs / seconds);
  const kinds = findings.length === 0 ? '' : `, ${findings.length} FOUND`;
  console.log(
    `${target.name.padEnd(20)} ${String(runs).padStart(9)} inputs ${String(rate).padStart(7)}/s  corpus ${corpus}${kinds}`,
  );
  for (const { input, signature, text } of findings) {
    mkdirSync(values.findings, { recursive: true });
    const path = join(values.findings, nameOf(target, input));
    writeFileSync(path, input);
    console.log(`  ${signature}\n  again: npm run fuzz -- --replay ${path} ${target.name}`);
    console.log(text.replaceAll(/^/gm, '    '));
  }
  if (values.corpus === undefined) return;
  mkdirSync(join(values.corpus, target.name), { recursive: true });
  for (const input of kept) {
    writeFileSync(join(values.corpus, target.name, nameOf(target, input)), input);
  }
}

async function main(): Promise<boolean> {
  if (values.help) console.log(HELP);
  else if (values.list) console.log(TARGETS.map(({ name }) => name).join('\n'));
  else {
    const targets = positionals.length === 0 ? TARGETS : positionals.map(findTarget);
    const [first] = targets;
    if (values.replay === undefined || first === undefined) return fuzzAll(targets);
    return replay(first, values.replay);
  }
  return true;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
