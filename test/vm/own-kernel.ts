/** A kernel that the operator names, with its modules beside it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Kernel } from './kernel.ts';

/** Where the image says at which offset its version is, less 0x200: Documentation/arch/x86/boot.rst. */
const VERSION_POINTER = 0x20e;
const HEADER_BYTES = 0x210;

/** Folders, seen from the image's, that may hold `<release>` with the modules. */
const BESIDE = ['.', 'modules', 'lib/modules', '../lib/modules', '../usr/lib/modules'];

/** @throws when the file cannot be read, or is no bzImage */
export function ownKernel(path: string): Kernel {
  const image = resolve(path);
  const release = releaseOf(image);
  const modules = moduleFolders(image, release).find((one) => existsSync(join(one, 'kernel')));
  const series = /^\d+\.\d+/.exec(release)?.[0] ?? release;
  return { origin: 'operator', series, name: `${release} of ${image}`, image, modules };
}

/** What to say of a kernel without modules, which has 9p built in or does not get far; undefined for any other. */
export function missingModules({ name, image, modules }: Kernel): string | undefined {
  if (modules !== undefined) return undefined;
  const release = name.split(' ', 1)[0] ?? name;
  const folders = moduleFolders(image, release).join(', ');
  return `kernel ${name}: no modules in ${folders}; all that it needs must be built in`;
}

function moduleFolders(image: string, release: string): readonly string[] {
  return BESIDE.map((parent) => join(dirname(image), parent, release));
}

function releaseOf(image: string): string {
  const bytes = readImage(image);
  const magic = bytes.toString('latin1', 0, 4);
  if (magic === '\u007FELF') {
    throw new Error(`${image} is a vmlinux; name the bzImage that is made of it (vmlinuz)`);
  }
  const isImage = bytes.length >= HEADER_BYTES && bytes.toString('latin1', 0x202, 0x206) === 'HdrS';
  if (!isImage) throw new Error(`${image} is no bzImage`);
  const start = bytes.readUInt16LE(VERSION_POINTER) + 0x200;
  const end = bytes.indexOf(0, start);
  const version = bytes.toString('latin1', start, end).split(' ', 1)[0] ?? '';
  if (end < 0 || !/^\d+\.\d+[\w.+~-]*$/.test(version)) {
    throw new Error(`${image} is a bzImage that does not say its version`);
  }
  return version;
}

function readImage(image: string): Buffer {
  try {
    if (!statSync(image).isFile()) throw new Error('not a file');
    return readFileSync(image);
  } catch (error) {
    throw new Error(`kernel ${image}: ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'may not be read';
  return error instanceof Error ? error.message : String(error);
}
