/** An attach point in the words of messages: `kprobe vmlinux:vfs_reed`. */
import type { ParsedAttachPoint } from './attach-point.ts';

export function describePoint(point: ParsedAttachPoint): string {
  return `${point.provider} ${placeOf(point)}`;
}

function placeOf(point: ParsedAttachPoint): string {
  switch (point.kind) {
    case 'kernel-function':
      return joined(point.module, point.function);
    case 'bpf-program':
      return joined('bpf', point.name);
    case 'tracepoint':
      return `${point.category}:${point.event}`;
    case 'rawtracepoint':
      return joined(point.module ?? '*', point.event);
    case 'user-function':
      return joined(point.path, point.symbol);
    case 'usdt':
      return joined(point.path, point.name);
    case 'iter':
      return point.iterator;
    case 'event':
      return `${point.event}:`;
    case 'trial':
      return `${point.name}:`;
    case 'special':
    case 'signal':
    case 'timer':
    case 'watchpoint':
      return '';
  }
}

function joined(target: string | undefined, name: string): string {
  return target === undefined || target === '' ? name : `${target}:${name}`;
}
