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

export function loopsTooDeep(span: Span, depth: number, limit: number): Diagnostic {
  return error(
    'loops-too-deep',
    span,
    `${depth} loops and calls of functions inside each other, and the kernel allows ${limit}`,
    ['Loops that have, with those inside them, up to 32 constant turns do not count.'],
  );
}

export function tooManyFunctions(
  span: Span,
  probe: string,
  count: number,
  limit: number,
): Diagnostic {
  return error(
    'too-many-functions',
    span,
    `${probe} needs ${count} functions, and the kernel allows ${limit} in one program`,
    ['Loops and searches in text are functions, too. Spread the work over several probes.'],
  );
}

export function programTooLong(span: Span, probe: string, limit: number): Diagnostic {
  return error(
    'program-too-large',
    span,
    `${probe} needs more than ${limit} instructions, which is all that the kernel takes`,
    ['Spread the work over several probes, or put what repeats into a loop or a function.'],
  );
}

export function valueTooLarge(span: Span, what: string, limit: number): Diagnostic {
  return error('value-too-large', span, `${what} of more than ${limit} values`, [
    'Keep its parts in variables or maps of their own.',
  ]);
}

export function valueTooBig(
  span: Span,
  what: string,
  sizeBytes: number,
  limitBytes: number,
  hint = 'Keep a part of it: a field, an element, or a shorter string.',
): Diagnostic {
  const sizes = `${sizeBytes} bytes, and the limit is ${limitBytes}`;
  return error('value-too-large', span, `${what} takes ${sizes}`, [hint]);
}

export function tooManyMaps(span: Span, probe: string, count: number, limit: number): Diagnostic {
  return error(
    'too-many-maps',
    span,
    `${probe} uses ${count} maps of the kernel, and the kernel allows ${limit} in one program`,
    ['Tell values apart by a key of one map, or spread the work over several probes.'],
  );
}
