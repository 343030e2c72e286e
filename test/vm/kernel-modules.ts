/** Finds kernel modules in a folder of them, with what they depend on, in load order. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface KernelModule {
  readonly name: string;
  readonly data: Buffer;
}

/** How modules are compressed, and the busybox command that unpacks each. */
const UNPACKERS: Readonly<Record<string, string>> = { xz: 'xz', gz: 'gzip' };

/** What modules need and name only by an alias, which modprobe would resolve. */
const ALIASED: Readonly<Record<string, string>> = { libcrc32c: 'crc32c_generic' };

/** The `depends` entry of a module's `.modinfo` section. */
function dependencies(module: Buffer): readonly string[] {
  const key = Buffer.from('\0depends=');
  const start = module.indexOf(key);
  if (start < 0) return [];
  const from = start + key.length;
  const list = module.toString('latin1', from, module.indexOf(0, from));
  return list === '' ? [] : list.split(',');
}

function readModule(path: string): Buffer {
  const compression = path.split('.ko.')[1];
  if (compression === undefined) return readFileSync(path);
  const unpacker = UNPACKERS[compression];
  if (unpacker === undefined) throw new Error(`${path}: cannot unpack .${compression}`);
  return execFileSync('busybox', [unpacker, '-dc', path], { maxBuffer: 64 << 20 });
}

/**
 * @param folder `lib/modules/<release>`; without one, everything is taken to be built in
 * @param names as the kernel spells them; those that have no file are taken to be built in
 */
export function modulesInLoadOrder(
  folder: string | undefined,
  names: readonly string[],
): readonly KernelModule[] {
  if (folder === undefined) return [];
  const files = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.ko(\.\w+)?$/.test(path))
      .map((path) => [moduleName(basename(path).replace(/\.ko.*$/, '')), join(folder, path)]),
  );
  const loaded = new Map<string, Buffer>();
  const load = (name: string): void => {
    const path = files.get(moduleName(name));
    if (path === undefined || loaded.has(name)) return;
    const data = readModule(path);
    [ALIASED[name] ?? [], dependencies(data)].flat().forEach(load);
    loaded.set(name, data);
  };
  names.forEach(load);
  return [...loaded].map(([name, data]) => ({ name, data }));
}

/** Files have dashes where the kernel has underscores. */
function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}
