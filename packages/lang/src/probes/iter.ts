/** iter: the kernel walks over its tasks, files, maps … and calls the program for each. */
import type { ParsedAttachPoint } from './attach-point.ts';
import type { ProbeKind, Refusal } from './probe-kind.ts';

export const iterKind: ProbeKind = {
  name: 'iter',
  aliases: ['it'],
  listed: 'kernel',
  lookedUp: true,
  space: 'kernel',
  has: {},
  parse,
  expand: (point, resolved) => {
    if (point.kind !== 'iter' || resolved.kind !== 'iter') return [];
    return [
      {
        name: `iter:${point.iterator}`,
        provider: 'iter',
        resolved,
        attach: { kind: 'iter', ...(point.pin === undefined ? {} : { pin: point.pin }) },
        context: 'iter',
      },
    ];
  },
};

function parse(parts: readonly string[]): ParsedAttachPoint | Refusal {
  const [iterator, pin, ...rest] = parts;
  if (iterator === undefined || rest.length > 0) {
    return { refusal: 'iter probe type takes 2 arguments (1 optional)' };
  }
  if (parts.some((part) => part.includes('*'))) {
    return { refusal: 'iter probe type does not support wildcards' };
  }
  if (iterator === '') return { refusal: "iter should specify a iterator's name" };
  return {
    kind: 'iter',
    provider: 'iter',
    iterator,
    ...(pin === undefined || pin === '' ? {} : { pin }),
  };
}
