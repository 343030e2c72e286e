/** Entry of `@bpfleet/bpf/elf`: what a tracer wants to know of programs and libraries. */
export * from './elf.ts';
export * from './elf-error.ts';
export * from './ld-cache.ts';
export * from './symbols.ts';
export * from './usdt.ts';
export * from './usdt-args.ts';
export type { UsdtOperand } from './usdt-operand.ts';
export * from './zip.ts';
