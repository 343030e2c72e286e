/** Modules of a kernel: found however they are compressed, with what they need before them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { modulesInLoadOrder, requireModules } from './kernel-modules.ts';

const folder = mkdtempSync(join(tmpdir(), 'bpfleet-modules-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** As much of a module as says what it needs. */
function write(name: string, depends: string, suffix = '', pack = (text: Buffer) => text): void {
  const text = Buffer.from(`license=GPL\0depends=${depends}\0name=${name}\0`);
  mkdirSync(join(folder, 'kernel'), { recursive: true });
  writeFileSync(join(folder, 'kernel', `${name}.ko${suffix}`), pack(text));
}

function xz(text: Buffer): Buffer {
  return execFileSync('xz', ['-c'], { input: text });
}

/** One block as it is: https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1 */
function zstd(text: Buffer): Buffer {
  const header = (text.length << 3) | 1;
  const head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length];
  return Buffer.concat([Buffer.from([...head, header & 0xff, header >> 8, 0]), text]);
}

test('modules come after what they need, and unpacked', () => {
  write('top-most', 'middle_one,plain');
  write('middle-one', 'lowest', '.xz', xz);
  write('lowest', '', '.gz', gzipSync);
  write('plain', '', '.zst', zstd);
  const modules = modulesInLoadOrder(folder, ['top_most', 'built_in']);
  assert.deepEqual(
    modules.map(({ name }) => name),
    ['lowest', 'middle_one', 'plain', 'top_most'],
  );
  for (const { data } of modules) assert.match(data.toString(), /^license=GPL\0depends=/);
});

test('what a VM cannot do without is named', () => {
  requireModules(folder, ['nosuch']);
  writeFileSync(join(folder, 'modules.builtin'), 'kernel/drivers/built-in.ko\n');
  requireModules(folder, ['built_in', 'plain', 'top-most']);
  assert.throws(() => requireModules(folder, ['plain', '9p']), /lacks what a VM needs: 9p$/);
});
