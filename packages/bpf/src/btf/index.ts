/** Entry of `@bpfleet/bpf/btf`: kernel type information, read and written. */
export * from './align.ts';
export * from './btf.ts';
export * from './btf-error.ts';
export * from './c-definition.ts';
export * from './c-name.ts';
export * from './encode.ts';
export * from './function-args.ts';
export * from './layout.ts';
export * from './program-btf.ts';
export * from './type.ts';
