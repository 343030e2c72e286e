/** Functions of text: lengths, searches, joining, and the names of errors, signals and system calls. */
import { BOOLEAN, INT64, string, UINT64 } from '../types/scalars.ts';
import type { Type } from '../types/type.ts';
import type { CallKind, TypedCall } from './call-kind.ts';

/** `str_concat` gives as much, NUL included. */
const CONCAT_BYTES = 1024;
/** Names of errors, signals and system calls. */
const NAME_BYTES = 64;

/** As long as the names that bpftrace gives. */
const COMM_TYPE = string(64);

export const stringCalls: readonly CallKind[] = [
  { name: 'task_comm', arity: [2, 2], arguments: ['integer', 'integer'], type: () => COMM_TYPE },
  ofText('strlen', 1, UINT64),
  ofText('strcap', 1, INT64),
  ofText('strstr', 2, INT64),
  ofText('strcontains', 2, BOOLEAN),
  ofText('str_concat', 2, string(CONCAT_BYTES)),
  {
    name: 'strncmp',
    arity: [3, 3],
    arguments: ['string', 'string', 'integer-literal'],
    type: () => UINT64,
    check: (call) =>
      (call.integer(2) ?? 0n) < 0n ? ['Builtin strncmp requires a non-negative literal'] : [],
  },
  named('strerror'),
  named('signal_name'),
  named('syscall_name'),
];

function ofText(name: string, count: number, type: Type): CallKind {
  return { name, arity: [count, count], type: () => type, check: checkText };
}

function named(name: string): CallKind {
  return { name, arity: [1, 1], arguments: ['integer'], type: () => string(NAME_BYTES) };
}

function checkText(call: TypedCall): readonly string[] {
  return call.arguments.flatMap((_, index) => {
    const type = call.typeOf(index);
    const fault = type === undefined ? undefined : textFault(type);
    return fault === undefined ? [] : [fault];
  });
}

function textFault(type: Type): string | undefined {
  switch (type.kind) {
    case 'string':
      return undefined;
    case 'array':
      if (isCharacter(type.element)) return undefined;
      return 'string-like arrays must contain a char-like type';
    case 'pointer':
      if (isCharacter(type.target)) return undefined;
      return 'string-like pointers must point to a char-like type';
    default:
      return 'string-like values must be either strings, arrays or pointers';
  }
}

function isCharacter(type: Type): boolean {
  return type.kind === 'integer' && type.size === 1 && type.signed;
}
