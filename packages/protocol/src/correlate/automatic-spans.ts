/** Spans of the probe pairs of which a program prints at both: of a system call, a function, a request. */
import type { SpanDefinition, SpanEnd } from './parse-span.ts';
import type { PrintingPlace } from './printing-place.ts';

/** By what comes before the name, what belongs to it. */
const PAIRS: readonly (readonly [enter: RegExp, exit: string])[] = [
  [/^tracepoint:syscalls:sys_enter_(.+)$/, 'tracepoint:syscalls:sys_exit_'],
  [/^tracepoint:raw_syscalls:sys_(enter)$/, 'tracepoint:raw_syscalls:sys_exit'],
  [/^kprobe:(.+)$/, 'kretprobe:'],
  [/^fentry:(.+)$/, 'fexit:'],
  [/^uprobe:(.+)$/, 'uretprobe:'],
];

/** One for each pair, in order of the program. */
export function automaticSpans(places: readonly PrintingPlace[]): readonly SpanDefinition[] {
  // A block with several attach points cannot tell which of them it printed for.
  const alone = new Set(places.flatMap(({ probes }) => (probes.length === 1 ? probes : [])));
  const taken = new Set<string>();
  return [...alone].flatMap((enter) => {
    for (const [pattern, prefix] of PAIRS) {
      const name = pattern.exec(enter)?.[1];
      if (name === undefined || enter.includes('*')) continue;
      const exit = prefix.endsWith('sys_exit') ? prefix : prefix + name;
      if (alone.has(exit)) return [automatic(uniqueName(name, taken), enter, exit)];
    }
    return [];
  });
}

function automatic(name: string, enter: string, exit: string): SpanDefinition {
  const text = `${name}: enter=${enter} exit=${exit} by tid`;
  const end = (probe: string): SpanEnd => {
    const from = text.indexOf(`=${probe} `) + 1;
    return { probe, conditions: [], from, to: from + probe.length };
  };
  return { name, enter: end(enter), exit: end(exit), by: ['tid'], text };
}

/** Of `/bin/bash:readline` and `module:function` the function. */
function uniqueName(probed: string, taken: Set<string>): string {
  const short = probed.slice(probed.lastIndexOf(':') + 1).replace(/[^\w-]/g, '_');
  const base = probed === 'enter' ? 'syscall' : /^\d/.test(short) ? `_${short}` : short;
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`;
  taken.add(name);
  return name;
}
