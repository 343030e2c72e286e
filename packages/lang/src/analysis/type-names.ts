/** Types as written in casts, `let` and `sizeof`. */
import type { Expression, TypeName, TypeOf } from '../syntax/ast.ts';
import { isTypeKeyword } from '../syntax/builtin-names.ts';
import { sizeOfType } from '../types/layout.ts';
import {
  BOOLEAN,
  INT16,
  INT32,
  INT64,
  INT8,
  pointer,
  string,
  UINT16,
  UINT32,
  UINT64,
  UINT8,
  VOID,
} from '../types/scalars.ts';
import type { CTypes } from '../types/c-types.ts';
import type { AddressSpace, Type } from '../types/type.ts';

const NAMED: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['void', VOID],
  ['bool', BOOLEAN],
  ...[INT8, INT16, INT32, INT64].flatMap((type): [string, Type][] => [
    [`int${type.size * 8}`, type],
    [`int${type.size * 8}_t`, type],
    [`s${type.size * 8}`, type],
    [`__s${type.size * 8}`, type],
  ]),
  ...[UINT8, UINT16, UINT32, UINT64].flatMap((type): [string, Type][] => [
    [`uint${type.size * 8}`, type],
    [`uint${type.size * 8}_t`, type],
    [`u${type.size * 8}`, type],
    [`__u${type.size * 8}`, type],
  ]),
  ['char', INT8],
  ['short', INT16],
  ['int', INT32],
  ['long', INT64],
  ['unsigned', UINT32],
  ['pid_t', INT32],
  ['uid_t', UINT32],
  ['gid_t', UINT32],
  ['size_t', UINT64],
  ['ssize_t', INT64],
  ['loff_t', INT64],
  ['off_t', INT64],
  ['umode_t', UINT16],
  ['dev_t', UINT32],
  ['username_t', { kind: 'username' }],
  ['macaddr_t', { kind: 'mac' }],
  ['cgroup_path_t', { kind: 'cgroup-path', filter: '*' }],
  ['timestamp', { kind: 'timestamp', clock: 'boot', format: '' }],
  ['count_t', { kind: 'count' }],
  ...(['sum', 'min', 'max', 'avg', 'stats'] as const).flatMap((kind): [string, Type][] => [
    [`${kind}_t`, { kind, signed: true }],
    [`u${kind}_t`, { kind, signed: false }],
  ]),
]);

/** Where names of types are looked up, and whose memory the values are in. */
export interface TypeScope {
  readonly types: CTypes;
  readonly space: AddressSpace;
  /** For `typeof(expression)`; undefined while it is not known. */
  readonly typeOf?: (expression: Expression) => Type | undefined;
}

/** Another round may know more. */
export interface Unresolved {
  readonly pending: true;
}

/** Whether a type has been written without its size, which the value assigned says then. */
export function isOpen(type: Type): boolean {
  switch (type.kind) {
    case 'string':
    case 'buffer':
      return type.size === 0;
    case 'timestamp':
      return type.format === '';
    default:
      return false;
  }
}

/** The type, or why there is none, or the unknown name. */
export function resolveTypeName(written: TypeName, scope: TypeScope): Type | Unresolved | string {
  const { tag, base, derivations } = written;
  const { types, space } = scope;
  if (typeof base !== 'string') {
    const inner = typeOf(base, scope);
    return isType(inner) ? derive(inner, derivations, space) : inner;
  }
  if (tag !== undefined) {
    const tagged = types.named(`${tag} ${base}`, space);
    return tagged === undefined ? `${tag} ${base}` : derive(tagged, derivations, space);
  }
  const keyword = isTypeKeyword(base) ? keywordType(base, derivations) : undefined;
  if (keyword !== undefined) return derive(keyword.type, keyword.rest, space);
  const named = types.named(base, space) ?? NAMED.get(base) ?? untagged(written, scope);
  return named === undefined ? base : derive(named, derivations, space);
}

/** Of the language's own types, those with a size take it from the brackets behind them. */
function keywordType(
  name: string,
  derivations: TypeName['derivations'],
): { readonly type: Type; readonly rest: TypeName['derivations'] } | undefined {
  const [first, ...others] = derivations;
  const size = first?.kind === 'array' ? Number(first.size ?? 0n) : 0;
  const rest = first?.kind === 'array' ? others : derivations;
  switch (name) {
    case 'string':
      return { type: string(size), rest };
    case 'buffer':
      return { type: { kind: 'buffer', size }, rest };
    case 'inet':
      return { type: { kind: 'inet' }, rest };
    default: {
      const type = NAMED.get(name);
      return type === undefined ? undefined : { type, rest: derivations };
    }
  }
}

/** Programs of 2018 leave the `struct` of pointers out: `(sock *)arg0`. */
function untagged({ base, derivations }: TypeName, { types, space }: TypeScope): Type | undefined {
  if (typeof base !== 'string' || derivations[0]?.kind !== 'pointer') return undefined;
  return types.named(`struct ${base}`, space) ?? types.named(`union ${base}`, space);
}

export function isType(resolved: Type | Unresolved | string): resolved is Type {
  return typeof resolved !== 'string' && 'kind' in resolved;
}

/** A bare word is a type if there is one of that name. */
function typeOf({ argument }: TypeOf, scope: TypeScope): Type | Unresolved | string {
  if (argument.kind === 'type-name') return resolveTypeName(argument, scope);
  if (argument.kind === 'identifier') {
    const named = bareType(argument, scope);
    if (named !== undefined) return named;
  }
  return scope.typeOf?.(argument) ?? { pending: true };
}

/** The type that a word without `struct` and the like names. */
export function bareType(
  { name, span }: { readonly name: string; readonly span: TypeName['span'] },
  scope: TypeScope,
): Type | undefined {
  const written = { kind: 'type-name', span, tag: undefined, base: name, derivations: [] } as const;
  const resolved = resolveTypeName(written, scope);
  return isType(resolved) ? resolved : undefined;
}

function derive(type: Type, derivations: TypeName['derivations'], space: AddressSpace): Type {
  return derivations.reduce<Type>(
    (inner, derivation) =>
      derivation.kind === 'pointer'
        ? pointer(inner, space)
        : { kind: 'array', element: inner, length: Number(derivation.size ?? 0n), space },
    type,
  );
}

/** Array casts without a size take as many elements as fit. */
export function sizedFor(type: Type, operand: Type): Type {
  if (type.kind !== 'array' || type.length !== 0) return type;
  const element = sizeOfType(type.element);
  return { ...type, length: element === 0 ? 0 : Math.floor(sizeOfType(operand) / element) };
}
