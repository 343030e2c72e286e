/** Finds kernel modules in an unpacked kernel package, with what they depend on, in load order. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The `depends` entry of a module's `.modinfo` section. @param {Buffer} module */
function dependencies(module) {
  const key = Buffer.from('\0depends=');
  const start = module.indexOf(key);
  if (start < 0) return [];
  const from = start + key.length;
  const list = module.toString('latin1', from, module.indexOf(0, from));
  return list === '' ? [] : list.split(',');
}

const COMPRESSED = '.ko.xz';

/** @param {string} path @returns {Buffer} */
function readModule(path) {
  if (!path.endsWith(COMPRESSED)) return readFileSync(path);
  return execFileSync('busybox', ['xz', '-dc', path], { maxBuffer: 64 << 20 });
}

/**
 * @param {string} folder  `lib/modules/<release>`
 * @param {readonly string[]} names  as the kernel spells them; built-in ones are skipped
 * @returns {readonly { readonly name: string, readonly data: Buffer }[]}
 */
export function modulesInLoadOrder(folder, names) {
  const files = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ko') || path.endsWith(COMPRESSED))
      .map((path) => [
        basename(path)
          .replace(/\.ko.*$/, '')
          .replaceAll('-', '_'),
        join(folder, path),
      ]),
  );
  /** @type {Map<string, Buffer>} */
  const loaded = new Map();
  /** @param {string} name */
  const load = (name) => {
    const path = files.get(name.replaceAll('-', '_'));
    if (path === undefined || loaded.has(name)) return;
    const data = readModule(path);
    dependencies(data).forEach(load);
    loaded.set(name, data);
  };
  names.forEach(load);
  return [...loaded].map(([name, data]) => ({ name, data }));
}
