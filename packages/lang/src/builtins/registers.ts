/** Names that `reg("…")` knows, per architecture, as in the kernel's pt_regs. */
import type { Target } from '../target.ts';

const X86_64 = [
  'r15',
  'r14',
  'r13',
  'r12',
  'bp',
  'bx',
  'r11',
  'r10',
  'r9',
  'r8',
  'ax',
  'cx',
  'dx',
  'si',
  'di',
  'orig_rax',
  'ip',
  'pc',
  'cs',
  'flags',
  'sp',
  'ss',
] as const;

const ARM64: readonly string[] = [
  ...Array.from({ length: 31 }, (_, index) => `r${index}`),
  'sp',
  'pc',
  'pstate',
];

export function isRegister(name: string, arch: Target['arch']): boolean {
  const names: readonly string[] = arch === 'x86_64' ? X86_64 : ARM64;
  return names.includes(name);
}
