/** A kernel that the operator names, with its modules beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Kernel } from './kernel.ts';

/** Where the image says at which offset its version is, less 0x200: Documentation/arch/x86/boot.rst. */
const VERSION_POINTER = 0x20e;

/** Folders, seen from the image's, that may hold `<release>` with the modules. */
const BESIDE = ['.', 'modules', 'lib/modules', '../lib/modules', '../usr/lib/modules'];

/** @throws when the file is no bzImage */
export function ownKernel(path: string): Kernel {
  const image = resolve(path);
  const release = releaseOf(image);
  const folder = dirname(image);
  const modules = BESIDE.map((parent) => join(folder, parent, release)).find((one) =>
    existsSync(join(one, 'kernel')),
  );
  const series = /^\d+\.\d+/.exec(release)?.[0] ?? release;
  return { origin: 'operator', series, name: `${release} of ${image}`, image, modules };
}

function releaseOf(image: string): string {
  const bytes = readFileSync(image);
  if (bytes.toString('latin1', 0x202, 0x206) !== 'HdrS') throw new Error(`${image} is no bzImage`);
  const start = bytes.readUInt16LE(VERSION_POINTER) + 0x200;
  const version = bytes.toString('latin1', start, bytes.indexOf(0, start));
  return version.split(' ', 1)[0] ?? version;
}
