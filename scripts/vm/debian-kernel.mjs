/** Brings Debian's kernel packages, unpacked and not installed, into the cache. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The newest package of a series that this machine's apt knows, such as `linux-image-6.1.0-50-amd64`. The cloud
 * flavours lack 9p; the real-time ones differ in what may be traced.
 *
 * @param {string} series  such as `6.1`
 * @returns {string | undefined}
 */
export function kernelPackage(series) {
  const pattern = `^linux-image-${series.replaceAll('.', '\\.')}\\.[^ ]*-amd64$`;
  const names = execFileSync('apt-cache', ['search', '--names-only', pattern], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.split(' ', 1)[0] ?? '')
    .filter((name) => name !== '' && !/cloud|rt-|unsigned|dbg/.test(name));
  const newest = (/** @type {string} */ a, /** @type {string} */ b) =>
    b.localeCompare(a, 'en', { numeric: true });
  return names.toSorted(newest)[0];
}

/**
 * @param {string} name  package
 * @param {string} cache  folder
 * @returns {{ readonly image: string, readonly modules: string }} paths of the kernel and of `lib/modules/<release>`
 */
export function unpackKernel(name, cache) {
  const folder = join(cache, name);
  if (!existsSync(folder)) {
    const download = join(cache, `${name}.download`);
    rmSync(download, { recursive: true, force: true });
    mkdirSync(download, { recursive: true });
    execFileSync('apt-get', ['-qq', 'download', name], {
      cwd: download,
      stdio: ['ignore', 'inherit', 'ignore'],
    });
    const [archive] = readdirSync(download);
    if (archive === undefined) throw new Error(`download ${name}: apt-get left no file`);
    const unpacked = join(download, 'unpacked');
    execFileSync('dpkg-deb', ['-x', join(download, archive), unpacked]);
    renameSync(unpacked, folder);
    rmSync(download, { recursive: true });
  }
  const only = (/** @type {string} */ parent, /** @type {string} */ prefix) => {
    const found = readdirSync(parent).find((entry) => entry.startsWith(prefix));
    if (found === undefined) throw new Error(`unpack ${name}: no ${prefix}* in ${parent}`);
    return join(parent, found);
  };
  const lib = existsSync(join(folder, 'usr/lib/modules')) ? 'usr/lib/modules' : 'lib/modules';
  return { image: only(join(folder, 'boot'), 'vmlinuz-'), modules: only(join(folder, lib), '') };
}
