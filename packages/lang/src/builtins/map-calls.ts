/** Functions that ask maps: what is in them, and how much. */
import { BOOLEAN, INT64 } from '../types/scalars.ts';
import type { CallKind } from './call-kind.ts';

export const mapCalls: readonly CallKind[] = [
  {
    name: 'find',
    arity: [2, 2],
    arguments: ['map-element', 'element-value'],
    type: () => BOOLEAN,
  },
  {
    name: 'len',
    arity: [1, 1],
    arguments: ['keyed-map-or-value'],
    type: () => INT64,
    check: (call) => {
      const kind = call.typeOf(0)?.kind;
      if (kind === undefined || kind === 'kstack' || kind === 'ustack') return [];
      return ['call to len() expects a map, ustack, or kstack'];
    },
  },
];
