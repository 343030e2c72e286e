/** Finds kernel modules in a folder of them, with what they depend on, in load order. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unpackXz } from '../../packages/bpf/src/unpack/xz.ts';
import { unpackZstd } from '../../packages/bpf/src/unpack/zstd.ts';

export interface KernelModule {
  readonly name: string;
  readonly data: Buffer;
}

const MAX_MODULE_BYTES = 1 << 28;

/** By what follows `.ko.` in the names of modules that are compressed. */
const UNPACKERS: Readonly<Record<string, (packed: Buffer) => Uint8Array>> = {
  xz: (packed) => unpackXz(packed, MAX_MODULE_BYTES),
  gz: (packed) => gunzipSync(packed),
  zst: (packed) => unpackZstd(packed, MAX_MODULE_BYTES),
};

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
  const unpack = UNPACKERS[compression];
  if (unpack === undefined) throw new Error(`${path}: cannot unpack .${compression}`);
  return Buffer.from(unpack(readFileSync(path)));
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
  const files = moduleFiles(folder);
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

/** @throws for names that are neither modules in the folder nor, as far as it says, built in */
export function requireModules(folder: string, names: readonly string[]): void {
  const list = join(folder, 'modules.builtin');
  if (!existsSync(list)) return;
  const builtIn = new Set(readFileSync(list, 'utf8').split('\n').map(nameOfFile));
  const files = moduleFiles(folder);
  const missing = names.filter(
    (name) => !builtIn.has(moduleName(name)) && !files.has(moduleName(name)),
  );
  if (missing.length > 0) throw new Error(`${folder} lacks what a VM needs: ${missing.join(', ')}`);
}

/** Paths by name. */
function moduleFiles(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.ko(\.\w+)?$/.test(path))
      .map((path) => [nameOfFile(path), join(folder, path)]),
  );
}

function nameOfFile(path: string): string {
  return moduleName(basename(path).replace(/\.ko.*$/, ''));
}

/** Files have dashes where the kernel has underscores. */
function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}
