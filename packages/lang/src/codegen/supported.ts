/** Constructs that upstream has and that may be missing here; the analysis refuses those that are, by name. */

export type OptionalConstruct = 'for-range' | 'for-map' | 'while' | 'subprogram' | 'address-of';

export const SUPPORTED_CONSTRUCTS: ReadonlySet<OptionalConstruct> = new Set(['for-range', 'while']);
