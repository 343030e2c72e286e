/** What `sizeof` says of a type: its size here, but for the types that bpftrace keeps in another form. */
import { isAggregation } from '../builtins/aggregations.ts';
import { sizeOfType } from './layout.ts';
import type { Type } from './type.ts';

/** In bytes. Aggregations are handles; scripts that print sizes of addresses and times see bpftrace's numbers. */
export function saidSize(type: Type): number {
  if (isAggregation(type)) return 8;
  switch (type.kind) {
    case 'inet':
      return 24;
    case 'timestamp':
      return 16;
    default:
      return sizeOfType(type);
  }
}
