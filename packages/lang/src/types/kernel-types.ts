/** The C types of a kernel and of those of its modules that the program traces. */
import type { TargetBtf } from '../target.ts';
import { BtfTypes } from './btf-types.ts';
import type { FindType } from './btf-types.ts';
import { layered } from './c-types.ts';
import type { CTypes } from './c-types.ts';
import { openBtf } from './open-btf.ts';

/** See `BtfTypes` for `find`. */
export function kernelTypes({ vmlinux, modules }: TargetBtf, find: FindType): CTypes {
  const kernel = openBtf(vmlinux);
  const images = Object.values(modules).map((image) => openBtf(image, kernel));
  return layered([kernel, ...images].map((btf) => new BtfTypes(btf, find)));
}
