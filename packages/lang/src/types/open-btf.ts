/** One index for each BTF image, however often the image is read: an agent indexes vmlinux once. */
import { Btf } from '@bpfleet/bpf/btf';

const opened = new WeakMap<Uint8Array, Btf>();

/**
 * `base` is the BTF of vmlinux, for the image of a module; an image always has the same base.
 * @throws BtfError for an image that is no BTF.
 */
export function openBtf(image: Uint8Array, base?: Btf): Btf {
  const known = opened.get(image);
  if (known !== undefined) return known;
  const btf = new Btf(image, base);
  opened.set(image, btf);
  return btf;
}
