/** What a function of the program takes and gives. */
import type { Type } from '../types/type.ts';

/** Types are undefined while they are unknown, or if they were reported. */
export interface Signature {
  readonly parameters: readonly { readonly name: string; readonly type: Type | undefined }[];
  readonly returns: Type | undefined;
}
