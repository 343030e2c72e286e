/** Entry of `@bpfleet/bpf/asm`: eBPF instructions as values, built, assembled and shown. */
export * from './assemble.ts';
export * from './bridge-far-jumps.ts';
export * from './build-alu.ts';
export * from './build-jump.ts';
export * from './build-memory.ts';
export * from './decode-instructions.ts';
export * from './disassemble.ts';
export * from './helper-functions.ts';
export * from './instruction.ts';
export * from './internal-error.ts';
export * from './opcode.ts';
export * from './register.ts';
export * from './spec.ts';
