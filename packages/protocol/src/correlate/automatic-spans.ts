/** Spans that need no definition: probes at both ends of the same thing, where a program prints at both. */
import type { SpanDefinition } from './span.ts';

interface Ends {
  readonly enter: RegExp;
  /** The other end, by what the expression found. */
  readonly exit: (rest: string) => string;
}

const ENDS: readonly Ends[] = [
  {
    enter: /^tracepoint:syscalls:sys_enter_([^*?]+)$/,
    exit: (rest) => `tracepoint:syscalls:sys_exit_${rest}`,
  },
  {
    enter: /^tracepoint:raw_syscalls:sys_(enter)$/,
    exit: () => 'tracepoint:raw_syscalls:sys_exit',
  },
  { enter: /^rawtracepoint:sys_(enter)$/, exit: () => 'rawtracepoint:sys_exit' },
  { enter: /^kprobe:([^*?]+)$/, exit: (rest) => `kretprobe:${rest}` },
  { enter: /^fentry:([^*?]+)$/, exit: (rest) => `fexit:${rest}` },
  { enter: /^uprobe:([^*?]+)$/, exit: (rest) => `uretprobe:${rest}` },
];

/** @param events the attach points of each printing event of a program */
export function automaticSpans(events: readonly (readonly string[])[]): readonly SpanDefinition[] {
  const alone = new Set(events.flatMap((probes) => (probes.length === 1 ? probes : [])));
  const spans: SpanDefinition[] = [];
  for (const enter of alone) {
    for (const ends of ENDS) {
      const rest = ends.enter.exec(enter)?.[1];
      const exit = rest === undefined ? undefined : ends.exit(rest);
      if (rest === undefined || exit === undefined || !alone.has(exit)) continue;
      spans.push({ name: nameOf(enter, rest), enter, exit, by: ['tid'] });
    }
  }
  return spans;
}

function nameOf(enter: string, rest: string): string {
  return rest === 'enter' ? 'syscall' : (enter.split(/[:_]enter_|:/).at(-1) ?? rest);
}
