/** Strings are bytes: those that are no UTF-8 come out as they went in. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const BROKEN = Buffer.from('636166e9', 'hex');

suite('bytes that are no UTF-8', { skip: notRoot(), concurrency: true }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'bpfleet-bytes-'));
  process.on('exit', () => rmSync(directory, { recursive: true }));

  /** Everything that the program of a file prints, as bytes. */
  async function output(name: string, ...program: readonly (string | Buffer)[]): Promise<Buffer> {
    const [script, out] = [join(directory, `${name}.bt`), join(directory, `${name}.out`)];
    writeFileSync(script, Buffer.concat(program.map((part) => Buffer.from(part))));
    const { err, exitCode } = await local(['-q', '--unsafe', '-o', out, script]);
    assert.equal(err, '');
    assert.equal(exitCode, 0);
    return readFileSync(out);
  }

  test('in literals, formats, keys and values', async () => {
    const out = await output(
      'literals',
      'BEGIN { printf("',
      BROKEN,
      String.raw`|%s|%5s|%c\n", "caf\xe9", "\xe9", 0xe9); @["\xe9"] = "\351"; print("`,
      BROKEN,
      '"); }',
    );
    assert.equal(
      out.toString('latin1'),
      'caf\xe9|caf\xe9|    \xe9|\xe9\ncaf\xe9\n\n\n@[\xe9]: \xe9\n',
    );
  });

  test('on the command line', async () => {
    const script = join(directory, 'argument.bt');
    writeFileSync(
      script,
      Buffer.concat([Buffer.from('BEGIN { printf("'), BROKEN, Buffer.from('"); }')]),
    );
    const out = join(directory, 'argument.out');
    const wrapper = ['bash', '-c', `exec "$@" -e "$(cat ${script})"`, 'bash'];
    const { err, exitCode } = await local(['-q', '-o', out], {}, { wrapper });
    assert.equal(err, '');
    assert.equal(exitCode, 0);
    assert.equal(readFileSync(out, 'latin1'), 'caf\xe9\n\n');
  });

  test('in output of commands and files', async () => {
    const out = await output('commands', String.raw`BEGIN { system("printf 'a\xe9'"); }`);
    assert.equal(out.toString('latin1'), 'a\xe9\n\n\n');
  });

  test('are shown in JSON', async () => {
    const program = String.raw`BEGIN { printf("caf\xe9 \xc3\xa9 é"); @["\xff"] = 1; }`;
    const { out } = await local(['-q', '-f', 'json', '-e', program]);
    assert.deepEqual(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { data: unknown }).data),
      [String.raw`caf\xe9 é é`, { '@': { [String.raw`\xff`]: 1 } }],
    );
  });
});

test('a width counts bytes', { skip: notRoot() }, async () => {
  const { out } = await local(['-q', '-e', 'BEGIN { printf("%-4s|%4s|", "é", "é"); }']);
  assert.equal(out, 'é  |  é|\n\n');
});
