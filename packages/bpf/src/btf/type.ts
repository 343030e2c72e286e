/**
 * The kinds of BTF types as values. Types refer to one another by id; id 0 is `void`.
 *
 * Format: https://github.com/torvalds/linux/blob/v6.12/Documentation/bpf/btf.rst
 */

/** Number of a type in its BTF; a module's own ids go on where those of vmlinux end. */
export type TypeId = number;

export interface BtfMember {
  /** Empty for an anonymous struct or union. */
  readonly name: string;
  readonly type: TypeId;
  /** Distance in bits from the start of the struct that lists the member. */
  readonly bitOffset: number;
  /** Width of a bit-field; 0 for any other member. */
  readonly bitSize: number;
}

export interface BtfParam {
  /** Empty where the compiler left it out, as in function pointers. */
  readonly name: string;
  readonly type: TypeId;
}

export interface BtfEnumerator {
  readonly name: string;
  readonly value: bigint;
}

export interface BtfSectionVariable {
  readonly type: TypeId;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export type BtfLinkage = 'static' | 'global' | 'extern';

export interface BtfVoid {
  readonly kind: 'void';
  readonly id: TypeId;
}

export interface BtfInt {
  readonly kind: 'int';
  readonly id: TypeId;
  readonly name: string;
  readonly sizeBytes: number;
  readonly bits: number;
  readonly signed: boolean;
  readonly encoding: 'integer' | 'char' | 'bool';
}

export interface BtfFloat {
  readonly kind: 'float';
  readonly id: TypeId;
  readonly name: string;
  readonly sizeBytes: number;
}

export interface BtfPointer {
  readonly kind: 'ptr';
  readonly id: TypeId;
  readonly type: TypeId;
}

export interface BtfArray {
  readonly kind: 'array';
  readonly id: TypeId;
  readonly element: TypeId;
  readonly length: number;
}

export interface BtfComposite {
  readonly kind: 'struct' | 'union';
  readonly id: TypeId;
  /** Empty for an anonymous one. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly members: readonly BtfMember[];
}

/** An `enum` of any size; `enum64` in the blob is not told apart. */
export interface BtfEnum {
  readonly kind: 'enum';
  readonly id: TypeId;
  readonly name: string;
  readonly sizeBytes: number;
  readonly signed: boolean;
  readonly values: readonly BtfEnumerator[];
}

/** A struct or union that is declared but not defined. */
export interface BtfForward {
  readonly kind: 'fwd';
  readonly id: TypeId;
  readonly name: string;
  readonly of: 'struct' | 'union';
}

/** `typedef`, and the `type_tag` that carries attributes such as `user`, `rcu` and `percpu`. */
export interface BtfAlias {
  readonly kind: 'typedef' | 'type_tag';
  readonly id: TypeId;
  readonly name: string;
  readonly type: TypeId;
}

export interface BtfQualifier {
  readonly kind: 'const' | 'volatile' | 'restrict';
  readonly id: TypeId;
  readonly type: TypeId;
}

export interface BtfFunction {
  readonly kind: 'func';
  readonly id: TypeId;
  readonly name: string;
  /** The `func_proto`. */
  readonly type: TypeId;
  readonly linkage: BtfLinkage;
}

export interface BtfFunctionPrototype {
  readonly kind: 'func_proto';
  readonly id: TypeId;
  readonly returnType: TypeId;
  readonly params: readonly BtfParam[];
  readonly variadic: boolean;
}

export interface BtfVariable {
  readonly kind: 'var';
  readonly id: TypeId;
  readonly name: string;
  readonly type: TypeId;
  readonly linkage: BtfLinkage;
}

export interface BtfDataSection {
  readonly kind: 'datasec';
  readonly id: TypeId;
  readonly name: string;
  readonly sizeBytes: number;
  readonly variables: readonly BtfSectionVariable[];
}

/** An attribute on a declaration, such as `bpf_kfunc` on a function. */
export interface BtfDeclarationTag {
  readonly kind: 'decl_tag';
  readonly id: TypeId;
  readonly name: string;
  readonly type: TypeId;
  /** Member or parameter it is on; −1 for the declaration itself. */
  readonly componentIndex: number;
}

export type BtfType =
  | BtfVoid
  | BtfInt
  | BtfFloat
  | BtfPointer
  | BtfArray
  | BtfComposite
  | BtfEnum
  | BtfForward
  | BtfAlias
  | BtfQualifier
  | BtfFunction
  | BtfFunctionPrototype
  | BtfVariable
  | BtfDataSection
  | BtfDeclarationTag;

export type BtfKind = BtfType['kind'];
