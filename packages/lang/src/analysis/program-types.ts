/**
 * The one place where it is decided which C types a program knows: those it defines itself, then those of the file that
 * a probe is in, then those of the kernel. They refer to each other by name.
 */
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Target } from '../target.ts';
import { BtfTypes } from '../types/btf-types.ts';
import type { FindType } from '../types/btf-types.ts';
import { layered } from '../types/c-types.ts';
import type { CTypes } from '../types/c-types.ts';
import { kernelTypes } from '../types/kernel-types.ts';
import { openBtf } from '../types/open-btf.ts';

/** The types that the body of a probe knows; without a probe, those that all bodies know. */
export type TypesOf = (probe?: Pick<ProbeDraft, 'resolved'>) => CTypes;

/**
 * `define` makes the types that the program defines, upon those below them.
 * @throws BtfError on the first use of an image that is no BTF.
 */
export function programTypes(target: Target, define?: (below: CTypes) => CTypes): TypesOf {
  const made = new Map<Uint8Array | undefined, CTypes>();
  return (probe) => {
    const image = debugImage(probe);
    const known = made.get(image);
    if (known !== undefined) return known;
    const types = layers(target, image, define);
    made.set(image, types);
    return types;
  };
}

function layers(
  target: Target,
  image: Uint8Array | undefined,
  define: ((below: CTypes) => CTypes) | undefined,
): CTypes {
  // Until the program's own are made, which looks types of the machine up.
  let types: CTypes = layered([]);
  const find: FindType = (name, space) => types.named(name, space);
  const debug = image === undefined ? [] : [new BtfTypes(openBtf(image), find, 'numbers')];
  const kernel = target.btf === undefined ? [] : [kernelTypes(target.btf, find)];
  const below = layered([...debug, ...kernel]);
  types = below;
  if (define !== undefined) types = layered([define(below), below]);
  return types;
}

function debugImage(probe: Pick<ProbeDraft, 'resolved'> | undefined): Uint8Array | undefined {
  const resolved = probe?.resolved;
  return resolved?.kind === 'uprobe' || resolved?.kind === 'usdt' ? resolved.debugTypes : undefined;
}
