/** What a frame brings of what its runner had read from the ring buffer. */
import type { Frame } from '../frame/frame.ts';

/** Events, prints and output; of a print that comes in parts, the last stands for it. */
export function ringUnits(frame: Frame): number {
  switch (frame.kind) {
    case 'events':
      return frame.records.length;
    case 'print':
      return frame.more === true ? 0 : 1;
    case 'output':
      return 1;
    case 'map':
    case 'names':
    case 'losses':
    case 'cost':
    case 'end':
      return 0;
  }
}
