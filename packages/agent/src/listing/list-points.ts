/** The probes that a program's attach points stand for, as `-l` shows them: without numbers of its own, such as rates. */
import type { ParsedAttachPoint } from '@bpfleet/lang';
import type { Machine } from '../target/machine.ts';
import { listProvider } from './list-probes.ts';
import type { ListedProbe, ListSettings } from './probe-lister.ts';

/** Throws an Error for a file that is not there. */
export function* listPoints(
  machine: Machine,
  points: readonly ParsedAttachPoint[],
  settings: ListSettings,
): Generator<ListedProbe> {
  for (const point of points) yield* listPoint(machine, point, settings);
}

function* listPoint(
  machine: Machine,
  point: ParsedAttachPoint,
  settings: ListSettings,
): Generator<ListedProbe> {
  const { provider } = point;
  switch (point.kind) {
    case 'special':
    case 'signal':
    case 'watchpoint':
      return;
    case 'trial':
      yield plain(`${provider}:${point.name}:`);
      return;
    case 'timer':
      yield plain(`${provider}:${point.unit}:`);
      return;
    case 'event':
      yield plain(`${provider}:${point.event}:`);
      return;
    case 'kernel-function': {
      if (point.function === '') return;
      const module = point.module === undefined ? '' : `${point.module}:`;
      yield* listProvider(machine, provider, `${module}${point.function}`, settings);
      return;
    }
    case 'bpf-program':
      yield* listProvider(machine, provider, `bpf:${point.id ?? '*'}:${point.name}`, settings);
      return;
    case 'tracepoint':
      yield* listProvider(machine, provider, `${point.category}:${point.event}`, settings);
      return;
    case 'rawtracepoint':
      yield* listProvider(machine, provider, `${point.module ?? '*'}:${point.event}`, settings);
      return;
    case 'user-function': {
      // An address or a line has no name to look for.
      if (point.symbol === '') yield plain(`${provider}:${point.path}:`);
      else {
        const place = [point.path || '*', point.language, point.symbol];
        const rest = place.filter((part) => part !== undefined).join(':');
        yield* listProvider(machine, provider, rest, settings);
      }
      return;
    }
    case 'usdt': {
      const rest = `${point.path || '*'}:${point.namespace ?? '*'}:${point.name}`;
      yield* listProvider(machine, provider, rest, settings);
      return;
    }
    case 'iter':
      yield* listProvider(machine, provider, point.iterator, settings);
  }
}

function plain(name: string): ListedProbe {
  return { name, parameters: () => [] };
}
