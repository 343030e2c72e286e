/** Tables of statements and what they print, each table one run of `bpfleet local`. */
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { local } from './local-run.ts';
import { notRoot } from './needs-kernel.ts';

/** Statements of a BEGIN block, and all that they print. */
export type BlockCase = readonly [statements: string, prints: string];

const SEPARATOR = '---8<---\n';

/** One test for each row; blocks share nothing but maps, which are best named apart. */
export function blockCases(title: string, rows: readonly BlockCase[]): void {
  suite(title, { skip: notRoot(), concurrency: true }, () => {
    let blocks: readonly string[] = [];
    before(async () => {
      blocks = await printedBlocks(rows.map(([statements]) => statements));
    });
    for (const [index, [statements, prints]] of rows.entries()) {
      test(statements, () => {
        assert.equal(blocks[index], prints);
      });
    }
  });
}

async function printedBlocks(blocks: readonly string[]): Promise<readonly string[]> {
  const ends = blocks.map(
    (block) => `{ ${block} } printf("${SEPARATOR.replace('\n', String.raw`\n`)}");`,
  );
  const program = `config = { print_maps_on_exit = false } BEGIN {\n${ends.join('\n')}\n}`;
  const { out, err, exitCode } = await local(['-q', '--no-warnings', '-e', program]);
  assert.equal(err, '');
  assert.equal(exitCode, 0);
  return out.split(SEPARATOR);
}
