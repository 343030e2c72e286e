/** What the kernel has no room for. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error } from './message.ts';

export function stackExceeded(
  span: Span,
  probe: string,
  neededBytes: number,
  limitBytes: number,
): Diagnostic {
  return error(
    'stack-exceeded',
    span,
    `${probe} needs ${neededBytes} bytes of stack, and the kernel gives ${limitBytes}`,
    ['Use fewer values at once, or spread the work over several probes.'],
  );
}
