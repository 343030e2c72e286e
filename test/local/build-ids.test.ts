/** Stacks of build ids, for those who look up the names elsewhere. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, suite, test } from 'node:test';
import { traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram } from '../support/test-program.ts';

suite('ustack(build_id)', { skip: notRoot() }, () => {
  let path = '';
  let buildId = '';
  before(() => {
    path = buildProgram('functions', 'build-ids', ['-fno-omit-frame-pointer', '-Wl,--build-id']);
    const notes = execFileSync('readelf', ['-n', path], { encoding: 'utf8' });
    buildId = /Build ID: ([0-9a-f]+)/.exec(notes)?.[1] ?? '';
  });

  async function trace(program: string): Promise<string> {
    const running = await startProgram(path, '2');
    const { out } = await traced(['-p', String(running.pid), '-e', program], () => running.work());
    await running.end();
    return out;
  }

  test('gives files and offsets', async () => {
    const out = await trace(
      `uprobe:${path}:inner { @[ustack(build_id, 3)] = count(); @frames = len(ustack(build_id, 3)); @raw[ustack(raw, 3)] = count(); }`,
    );
    const frame = `${buildId} 0x[0-9a-f]+\\n`;
    assert.match(out, new RegExp(`^@\\[\\n(?:${frame}){3}\\]: 2$`, 'm'));
    assert.match(out, /^@frames: 3$/m);
    assert.match(out, /^@raw\[\n(?:[0-9a-f]+\n){3}\]: 2$/m);
  });

  test('is what ustack means where the configuration says so', async () => {
    const out = await trace(
      `config = { stack_mode = build_id } uprobe:${path}:inner { @[ustack(1)] = count(); @k = kstack(1); }`,
    );
    assert.match(out, new RegExp(`^@\\[\\n${buildId} 0x[0-9a-f]+\\n\\]: 2$`, 'm'));
  });
});
