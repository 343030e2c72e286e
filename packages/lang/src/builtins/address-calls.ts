/** Functions that say where an address is, or find one. */
import { inSpace } from '../types/in-space.ts';
import { printType } from '../types/print-type.ts';
import { UINT64 } from '../types/scalars.ts';
import type { AddressSpace } from '../types/type.ts';
import type { CallKind } from './call-kind.ts';

export const addressCalls: readonly CallKind[] = [
  located('kptr', 'kernel'),
  located('uptr', 'user'),
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
];

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
