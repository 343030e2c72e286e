/**
 * The syntax tree: a discriminated union over `kind`, plain readonly data, each node with its span.
 * The parser makes it; passes rewrite it into new trees and never change it in place.
 */
import type { Span } from '../source.ts';
import type { ConfigBlock } from './config-block.ts';
import type { AssignmentOperator, BinaryOperator, UnaryOperator } from './operators.ts';

interface Node {
  readonly span: Span;
}

// ── program ────────────────────────────────────────────────────────────────────────────────────────

export interface Program extends Node {
  readonly kind: 'program';
  readonly definitions: readonly CDefinition[];
  readonly config: ConfigBlock | undefined;
  readonly imports: readonly Import[];
  /** Imports inside of blocks, once they were followed. */
  readonly blockImports?: readonly StatementImport[];
  readonly items: readonly Item[];
}

/** A preprocessor line or a struct, union or enum, kept as text: C is parsed by its own pass. */
export interface CDefinition extends Node {
  readonly kind: 'c-definition';
  readonly form: 'directive' | 'struct' | 'union' | 'enum';
  readonly text: string;
  /** Of an `#include` that an import of a header became: where the header is among the program's files. */
  readonly path?: string;
}

export interface Import extends Node {
  readonly kind: 'import';
  readonly path: string;
}

export type Item = Probe | Macro | Subprogram | MapDeclaration;

/** Its span is that of the attach points. */
export interface Probe extends Node {
  readonly kind: 'probe';
  readonly attachPoints: readonly AttachPoint[];
  readonly predicate: Expression | undefined;
  readonly block: Block;
}

/** One attach point as written; `probes/` takes it apart. */
export interface AttachPoint extends Node {
  readonly kind: 'attach-point';
  /** The `name=` prefix, if any. */
  readonly name: string | undefined;
  /** The rest, quotes kept, unexpanded. */
  readonly text: string;
  /** One of several that a wildcard in the provider stands for: left out where it makes no sense or nothing is there. */
  readonly optional?: true;
}

export interface Macro extends Node {
  readonly kind: 'macro';
  readonly name: string;
  readonly parameters: readonly (Variable | MapReference | Identifier)[];
  readonly body: Block;
}

export interface Subprogram extends Node {
  readonly kind: 'subprogram';
  readonly name: string;
  readonly parameters: readonly { readonly variable: Variable; readonly type: TypeName }[];
  readonly returns: TypeName;
  readonly body: Block;
}

export interface MapDeclaration extends Node {
  readonly kind: 'map-declaration';
  readonly map: MapReference;
  readonly mapType: string;
  readonly mapTypeSpan: Span;
  readonly maxEntries: bigint;
}

// ── statements ─────────────────────────────────────────────────────────────────────────────────────

/**
 * `value` is the last expression when it has no semicolon: the value of a block expression. What stands as a statement
 * has none, nor has the body of a probe, function or loop.
 */
export interface Block extends Node {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
  readonly value: Expression | undefined;
}

export type Statement =
  | ExpressionStatement
  | Discard
  | Let
  | Assignment
  | For
  | While
  | Unroll
  | Jump
  | StatementImport
  | Block;

export interface ExpressionStatement extends Node {
  readonly kind: 'expression-statement';
  readonly expression: Expression;
}

/** `_ = expression;` */
export interface Discard extends Node {
  readonly kind: 'discard';
  readonly expression: Expression;
}

export interface Let extends Node {
  readonly kind: 'let';
  readonly variable: Variable;
  readonly type: TypeName | undefined;
  readonly value: Expression | undefined;
}

export interface Assignment extends Node {
  readonly kind: 'assignment';
  readonly target: Variable | MapReference;
  readonly operator: AssignmentOperator;
  readonly value: Expression;
}

export interface For extends Node {
  readonly kind: 'for';
  readonly variable: Variable;
  readonly iterable: MapReference | Range;
  readonly body: Block;
}

export interface Range extends Node {
  readonly kind: 'range';
  readonly from: Expression;
  readonly to: Expression;
}

export interface While extends Node {
  readonly kind: 'while';
  readonly condition: Expression;
  readonly body: Block;
}

export interface Unroll extends Node {
  readonly kind: 'unroll';
  readonly count: Expression;
  readonly body: Block;
}

export interface Jump extends Node {
  readonly kind: 'jump';
  readonly jump: 'break' | 'continue' | 'return';
  readonly value: Expression | undefined;
}

export interface StatementImport extends Node {
  readonly kind: 'statement-import';
  readonly path: string;
}

// ── expressions ────────────────────────────────────────────────────────────────────────────────────

export type Expression =
  | IntegerLiteral
  | BooleanLiteral
  | StringLiteral
  | Identifier
  | Variable
  | MapReference
  | PositionalParameter
  | PositionalCount
  | Unary
  | IncrementDecrement
  | Binary
  | Ternary
  | FieldAccess
  | TupleAccess
  | IndexAccess
  | Call
  | Cast
  | Tuple
  | Record
  | If
  | BlockExpression
  | SizeOf
  | OffsetOf
  | TypeOf
  | TypeInfo
  | Comptime;

export interface IntegerLiteral extends Node {
  readonly kind: 'integer';
  readonly value: bigint;
  /** Type suffix as written, `ull` for instance; durations are already nanoseconds. */
  readonly suffix: string | undefined;
  /** The enumerator that constant folding replaced: the literal has the type of its enum. */
  readonly enumerator?: string;
}

export interface BooleanLiteral extends Node {
  readonly kind: 'boolean';
  readonly value: boolean;
}

/** `value` has its escapes resolved; `encodeText` turns it into bytes, those of `\xHH` and octal escapes among them. */
export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}

/** A builtin variable, a macro parameter, an enum constant or a `#define`. */
export interface Identifier extends Node {
  readonly kind: 'identifier';
  readonly name: string;
}

/** `$name`; `name` is without the dollar sign. */
export interface Variable extends Node {
  readonly kind: 'variable';
  readonly name: string;
}

/** `@name`, `@name[key]`; `name` keeps its `@`. Several keys `[a, b]` are one tuple key. */
export interface MapReference extends Node {
  readonly kind: 'map';
  readonly name: string;
  readonly key: Expression | undefined;
}

/** `$1`, `$2` … */
export interface PositionalParameter extends Node {
  readonly kind: 'positional';
  readonly index: number;
}

/** `$#` */
export interface PositionalCount extends Node {
  readonly kind: 'positional-count';
}

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export interface IncrementDecrement extends Node {
  readonly kind: 'increment';
  readonly operator: '++' | '--';
  readonly prefix: boolean;
  readonly target: Variable | MapReference;
}

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

/** `condition ? then : otherwise`; `then` is absent in `a ?: b`. */
export interface Ternary extends Node {
  readonly kind: 'ternary';
  readonly condition: Expression;
  readonly then: Expression | undefined;
  readonly otherwise: Expression;
}

/** `object.field` and `object->field`, which mean the same. */
export interface FieldAccess extends Node {
  readonly kind: 'field';
  readonly object: Expression;
  readonly field: string;
  readonly fieldSpan: Span;
  readonly arrow: boolean;
}

/** `object.0` */
export interface TupleAccess extends Node {
  readonly kind: 'tuple-access';
  readonly object: Expression;
  readonly index: number;
}

export interface IndexAccess extends Node {
  readonly kind: 'index';
  readonly object: Expression;
  readonly index: Expression;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly callee: string;
  readonly calleeSpan: Span;
  readonly arguments: readonly (Expression | TypeName)[];
}

export interface Cast extends Node {
  readonly kind: 'cast';
  readonly type: TypeName;
  readonly operand: Expression;
}

export interface Tuple extends Node {
  readonly kind: 'tuple';
  readonly elements: readonly Expression[];
}

export interface Record extends Node {
  readonly kind: 'record';
  readonly fields: readonly {
    readonly name: string;
    readonly span: Span;
    readonly value: Expression;
  }[];
}

export interface If extends Node {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly comptime: boolean;
  /** Of the condition with its `comptime`. */
  readonly comptimeSpan?: Span;
  readonly then: Block;
  readonly otherwise: Block | If | undefined;
}

export interface BlockExpression extends Node {
  readonly kind: 'block-expression';
  readonly block: Block;
}

export interface SizeOf extends Node {
  readonly kind: 'sizeof';
  readonly argument: Expression | TypeName;
}

export interface OffsetOf extends Node {
  readonly kind: 'offsetof';
  readonly argument: Expression | TypeName;
  readonly path: readonly string[];
}

export interface TypeOf extends Node {
  readonly kind: 'typeof';
  readonly argument: Expression | TypeName;
}

export interface TypeInfo extends Node {
  readonly kind: 'typeinfo';
  readonly argument: Expression | TypeName;
}

export interface Comptime extends Node {
  readonly kind: 'comptime';
  readonly expression: Expression;
}

// ── types as written ───────────────────────────────────────────────────────────────────────────────

/** `struct task_struct *`, `int32*[4]`, `string[64]`, `typeof($x)`. */
export interface TypeName extends Node {
  readonly kind: 'type-name';
  /** The tag keyword, if written. */
  readonly tag: 'struct' | 'union' | 'enum' | undefined;
  /** The name, or the expression of `typeof(…)`. */
  readonly base: string | TypeOf;
  /** Applied left to right; the size of `[]` is undefined. */
  readonly derivations: readonly (
    { readonly kind: 'pointer' } | { readonly kind: 'array'; readonly size: bigint | undefined }
  )[];
}

export type AnyNode =
  | Program
  | CDefinition
  | ConfigBlock
  | Import
  | Item
  | AttachPoint
  | Statement
  | Range
  | Expression
  | TypeName;
