/** Types and declarations of C as written: names are not looked up and nothing is laid out yet. */
import type { Span } from '../source.ts';
import type { CToken } from './c-token.ts';

export type CType =
  /** `unsigned long`, in one spelling for each type. */
  | { readonly kind: 'base'; readonly base: CBase }
  /** A typedef. */
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  | { readonly kind: 'tagged'; readonly tag: CTag; readonly name: string; readonly span: Span }
  | { readonly kind: 'pointer'; readonly target: CType; readonly user: boolean }
  /** `length` is empty for `[]`. */
  | {
      readonly kind: 'array';
      readonly element: CType;
      readonly length: readonly CToken[];
      readonly span: Span;
    }
  | { readonly kind: 'function' };

export type CTag = 'struct' | 'union' | 'enum';

export type CBase =
  | 'void'
  | 'bool'
  | 'char'
  | 'signed char'
  | 'unsigned char'
  | 'short'
  | 'unsigned short'
  | 'int'
  | 'unsigned int'
  | 'long'
  | 'unsigned long'
  | '__int128'
  | 'unsigned __int128'
  | 'float'
  | 'double'
  | 'long double';

export interface CAttributes {
  readonly packed: boolean;
  /** The expressions of `aligned(…)`; an empty one means the most that the machine needs. */
  readonly aligned: readonly (readonly CToken[])[];
}

export interface CMember {
  /** Absent for anonymous structs and for bits that only fill. */
  readonly name: string | undefined;
  readonly type: CType;
  readonly bits: readonly CToken[] | undefined;
  readonly attributes: CAttributes;
  readonly span: Span;
}

export interface CComposite {
  readonly tag: 'struct' | 'union';
  readonly name: string;
  readonly members: readonly CMember[];
  readonly attributes: CAttributes;
  /** Of `#pragma pack`. */
  readonly pack: number | undefined;
  readonly span: Span;
}

export interface CEnum {
  readonly name: string;
  readonly enumerators: readonly {
    readonly name: string;
    readonly value: readonly CToken[] | undefined;
    readonly span: Span;
  }[];
  readonly attributes: CAttributes;
  /** `enum x : unsigned char` */
  readonly underlying: CType | undefined;
  readonly span: Span;
}

/** In the order in which they were defined. */
export interface CDeclarations {
  readonly composites: ReadonlyMap<string, CComposite>;
  readonly enums: ReadonlyMap<string, CEnum>;
  readonly typedefs: ReadonlyMap<string, CType>;
}

export const NO_ATTRIBUTES: CAttributes = { packed: false, aligned: [] };
