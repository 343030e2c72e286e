/** The programs of a checkout's `tests/self`, each a case: `--test` runs its probes, and fails if one of them does. */
import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { parseSuite } from './parse-suite.ts';
import type { ConformanceCase } from './conformance-case.ts';

const SUITE = 'self';

/** @param folder of the programs; @returns none where there is no such folder */
export function selfTests(folder: string): readonly ConformanceCase[] {
  let files: readonly string[];
  try {
    files = readdirSync(folder);
  } catch {
    return [];
  }
  return files
    .filter((file) => parse(file).ext === '.bt')
    .toSorted()
    .flatMap((file) =>
      parseSuite(
        `NAME ${parse(file).name}\nRUN {{BPFTRACE}} --test self/${file}\nRETURN_CODE 0\n`,
        SUITE,
      ),
    );
}
