/** An operator's kernel: which it is, and where its modules are found. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { missingModules, ownKernel } from './own-kernel.ts';

const folder = mkdtempSync(join(tmpdir(), 'bpfleet-kernel-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** As much of a bzImage as says its version. */
function writeImage(version: string): string {
  const image = Buffer.alloc(0x400);
  image.write('HdrS', 0x202, 'latin1');
  image.writeUInt16LE(0x100, 0x20e);
  image.write(`${version}\0`, 0x300, 'latin1');
  const path = join(folder, 'boot/vmlinuz');
  mkdirSync(join(folder, 'boot'), { recursive: true });
  writeFileSync(path, image);
  return path;
}

test('a kernel is known by the version in its image, its modules by their folder', () => {
  const path = writeImage('6.5.3-own (me@home) #1 SMP');
  const modules = join(folder, 'lib/modules/6.5.3-own');
  assert.deepEqual(ownKernel(path), {
    origin: 'operator',
    series: '6.5',
    name: `6.5.3-own of ${path}`,
    image: path,
    modules: undefined,
  });
  assert.match(
    missingModules(ownKernel(path)) ?? '',
    /^kernel 6\.5\.3-own of \S+: no modules in \S+\/boot\/6\.5\.3-own, .* must be built in$/,
  );
  mkdirSync(join(modules, 'kernel'), { recursive: true });
  assert.equal(ownKernel(path).modules, modules);
  assert.equal(missingModules(ownKernel(path)), undefined);
});

test('what is no kernel is refused', () => {
  const path = join(folder, 'text');
  writeFileSync(path, 'no kernel');
  assert.throws(() => ownKernel(path), /text is no bzImage$/);
  writeFileSync(path, Buffer.alloc(0x1000, 0xa5));
  assert.throws(() => ownKernel(path), /text is no bzImage$/);
  writeFileSync(path, '\u007FELF and so on');
  assert.throws(() => ownKernel(path), /text is a vmlinux; name the bzImage/);
  assert.throws(() => ownKernel(writeImage('no version')), /does not say its version$/);
});

test('a kernel that is not there, or is no file, is named', () => {
  assert.throws(
    () => ownKernel('/nosuch/vmlinuz'),
    /^Error: kernel \/nosuch\/vmlinuz: no such file$/,
  );
  assert.throws(() => ownKernel(folder), /: not a file$/);
});
