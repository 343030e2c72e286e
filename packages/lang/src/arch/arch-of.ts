/** The processors programs are compiled for. */
import type { Target } from '../target.ts';
import type { Arch } from './arch.ts';
import { ARM64 } from './arm64.ts';
import { X86_64 } from './x86-64.ts';

export function archOf({ arch }: Pick<Target, 'arch'>): Arch {
  return arch === 'x86_64' ? X86_64 : ARM64;
}
