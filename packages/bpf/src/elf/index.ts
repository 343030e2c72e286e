/** Entry of `@bpfleet/bpf/elf`: what a tracer wants to know of programs and libraries. */
export * from './byte-source.ts';
export * from './common-debug-link.ts';
export * from './elf.ts';
export * from './elf-error.ts';
export * from './ld-cache.ts';
export * from './mini-debug-info.ts';
export * from './plt-names.ts';
export type { ElfSymbol } from './raw-symbols.ts';
export * from './symbol-table.ts';
export * from './usdt.ts';
export * from './usdt-args.ts';
export type { UsdtOperand } from './usdt-operand.ts';
export * from './zip.ts';
export { isInstructionStart } from '../x86/instruction-length.ts';
