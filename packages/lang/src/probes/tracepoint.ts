/** tracepoint and rawtracepoint. */
import { pidFilter, wrongPartCount } from './probe-kind.ts';
import type { ProbeKind } from './probe-kind.ts';

const tracepoint: ProbeKind = {
  name: 'tracepoint',
  aliases: ['t'],
  listed: 'kernel',
  lookedUp: true,
  space: 'kernel',
  has: { args: true },
  parse: (parts) => {
    // `tracepoint:*foo*` looks for the event in all categories.
    const [category, event, ...rest] =
      parts.length === 1 && parts[0]?.includes('*') ? ['*', ...parts] : parts;
    if (category === undefined || event === undefined || rest.length > 0) {
      return wrongPartCount('tracepoint', parts.length, 2);
    }
    if (category === '' || event === '') return { refusal: 'tracepoint probe must have a target' };
    const wildcard = category.includes('*') || event.includes('*');
    return { kind: 'tracepoint', provider: 'tracepoint', category, event, wildcard };
  },
  expand: (_point, resolved, target) => {
    if (resolved.kind !== 'tracepoint') return [];
    const { category, event, id } = resolved;
    return [
      {
        name: `tracepoint:${category}:${event}`,
        provider: 'tracepoint',
        resolved,
        attach: { kind: 'tracepoint', category, event, id },
        context: 'tracepoint',
        ...pidFilter(target),
      },
    ];
  },
};

const rawtracepoint: ProbeKind = {
  name: 'rawtracepoint',
  aliases: ['rt'],
  listed: 'kernel',
  lookedUp: true,
  space: 'kernel',
  has: { argN: true, args: true },
  parse: (parts) => {
    if (parts.length !== 1 && parts.length !== 2) {
      return wrongPartCount('rawtracepoint', parts.length, 2, 1);
    }
    const module = parts.length === 2 ? parts[0] : undefined;
    const event = parts[parts.length - 1] ?? '';
    if (event === '') return { refusal: 'rawtracepoint should be attached to a function' };
    return {
      kind: 'rawtracepoint',
      provider: 'rawtracepoint',
      event,
      // Without a module, all are searched.
      wildcard: module === undefined || parts.some((part) => part.includes('*')),
      ...(module === undefined ? {} : { module }),
    };
  },
  expand: (_point, resolved, target) => {
    if (resolved.kind !== 'rawtracepoint') return [];
    const { module = 'vmlinux' } = resolved;
    return [
      {
        name: `rawtracepoint:${module}:${resolved.event}`,
        provider: 'rawtracepoint',
        resolved,
        attach: { kind: 'rawtracepoint', event: resolved.event },
        context: 'raw_tracepoint',
        ...pidFilter(target),
      },
    ];
  },
};

export const tracepointKinds: readonly ProbeKind[] = [tracepoint, rawtracepoint];
