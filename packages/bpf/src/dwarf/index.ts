/** Entry of `@bpfleet/bpf/dwarf`: debug information of user programs, from bytes. */
export type { ArgumentPlace, RegisterPart } from './argument-place.ts';
export type { CodeFrame } from './code-frames.ts';
export * from './debug-info.ts';
export type { Die } from './die.ts';
export * from './dwarf-error.ts';
export * from './function-signature.ts';
export type { DwarfSections, Inflate } from './sections.ts';
export { readSections } from './sections.ts';
export * from './type-image.ts';
export * from './type-tags.ts';
export type { FrameSection } from './frame-entries.ts';
export * from './unwind-rows.ts';
