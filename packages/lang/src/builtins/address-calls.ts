/** Functions that say where an address is, or find one. */
import { inSpace } from '../types/in-space.ts';
import { printType } from '../types/print-type.ts';
import { integer, pointer, UINT64 } from '../types/scalars.ts';
import type { AddressSpace } from '../types/type.ts';
import { variablesOf } from '../probes/user-variables.ts';
import type { CallKind, TypedCall } from './call-kind.ts';

export const addressCalls: readonly CallKind[] = [
  located('kptr', 'kernel'),
  located('uptr', 'user'),
  constant('kaddr'),
  constant('cgroupid'),
  {
    name: 'percpu_kaddr',
    arity: [1, 2],
    arguments: ['string-literal', 'integer'],
    type: () => ({ ...UINT64, space: 'kernel' }),
    check: (call) => {
      const name = call.text(0);
      if (name === undefined || call.target.kernelSymbols[name] !== undefined) return [];
      return [`Could not resolve variable "${name}" from BTF`];
    },
    hostLocal: 'always',
  },
  {
    name: 'uaddr',
    arity: [1, 1],
    arguments: ['string-literal'],
    type: (call) => pointer(integer(variableBytes(call), true), 'user'),
    check: checkVariable,
    hostLocal: 'always',
  },
];

/** A number by the time that types are looked at, where its argument is a literal as it must be. */
function constant(name: string): CallKind {
  return { name, arity: [1, 1], arguments: ['string-literal'], type: () => UINT64 };
}

/** A variable of another size is an address, of which 8 bytes are read at a time. */
function variableBytes(call: TypedCall): 1 | 2 | 4 | 8 {
  const size = variablesOf(call.probe.resolved)?.symbols[call.text(0) ?? '']?.sizeBytes;
  return size === 1 || size === 2 || size === 4 ? size : 8;
}

function checkVariable({ probe, text }: TypedCall): readonly string[] {
  const variables = variablesOf(probe.resolved);
  if (probe.resolved.kind !== 'uprobe' && probe.resolved.kind !== 'usdt') {
    return [`uaddr can not be used with "${probe.provider}" probes`];
  }
  const name = text(0);
  if (name !== undefined && variables?.symbols[name] === undefined) {
    return [`Could not resolve symbol: ${probe.resolved.path}:${name}`];
  }
  // After the return, the instruction pointer is in whatever called the function.
  if (probe.provider === 'uretprobe' && variables?.codeDistance !== undefined) {
    return ['uaddr can not be used with "uretprobe" probes in position-independent files'];
  }
  return [];
}

function located(name: string, space: AddressSpace): CallKind {
  return {
    name,
    arity: [1, 1],
    type: ({ typeOf, types }) => {
      const given = typeOf(0);
      return given === undefined ? UINT64 : inSpace(given, space, types);
    },
    check: ({ typeOf }) => {
      const type = typeOf(0);
      if (type === undefined || type.kind === 'integer' || type.kind === 'pointer') return [];
      return [`${name}() only supports integer or pointer arguments (${printType(type)} provided)`];
    },
    hostLocal: 'always',
  };
}
