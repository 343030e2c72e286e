/** Brings Debian's kernel packages, unpacked and not installed, into a cache. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Kernel } from './kernel.ts';

/** Unpacked kernels stay here; gone with node_modules. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/kernels', import.meta.url));

/**
 * The newest kernel of a series that this machine's apt knows; undefined where it knows none.
 *
 * @param series such as `6.1`
 */
export function debianKernel(series: string): Kernel | undefined {
  const name = packageOf(series);
  return name === undefined ? undefined : { origin: 'debian', series, name, ...unpacked(name) };
}

/**
 * The newest package of a series, such as `linux-image-6.1.0-50-amd64`. The cloud flavours lack 9p; the real-time
 * ones differ in what may be traced.
 */
function packageOf(series: string): string | undefined {
  const pattern = `^linux-image-${series.replaceAll('.', '\\.')}\\.[^ ]*-amd64$`;
  const names = execFileSync('apt-cache', ['search', '--names-only', pattern], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.split(' ', 1)[0] ?? '')
    .filter((name) => name !== '' && !/cloud|rt-|unsigned|dbg/.test(name));
  return names.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0];
}

function unpacked(name: string): Pick<Kernel, 'image' | 'modules'> {
  const folder = join(CACHE, name);
  if (!existsSync(folder)) unpackInto(folder, name);
  const lib = existsSync(join(folder, 'usr/lib/modules')) ? 'usr/lib/modules' : 'lib/modules';
  return {
    image: only(join(folder, 'boot'), 'vmlinuz-'),
    modules: only(join(folder, lib), ''),
  };
}

/** The folder appears when all of it is there. */
function unpackInto(folder: string, name: string): void {
  const download = `${folder}.download`;
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  execFileSync('apt-get', ['-qq', 'download', name], {
    cwd: download,
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  const [archive] = readdirSync(download);
  if (archive === undefined) throw new Error(`download ${name}: apt-get left no file`);
  const inside = join(download, 'unpacked');
  execFileSync('dpkg-deb', ['-x', join(download, archive), inside]);
  renameSync(inside, folder);
  rmSync(download, { recursive: true });
}

function only(parent: string, prefix: string): string {
  const found = readdirSync(parent).find((entry) => entry.startsWith(prefix));
  if (found === undefined) throw new Error(`no ${prefix}* in ${parent}`);
  return join(parent, found);
}
