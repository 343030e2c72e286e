/** What a kernel may lack, kinds of probe above all: a case that needs it says nothing about the tracer there. */
import { existsSync, readFileSync } from 'node:fs';
import type { ConformanceCase } from './conformance-case.ts';
import type { Features } from './features.ts';

interface ProbeNeed {
  readonly pattern: RegExp;
  readonly reason: string;
  isMissing(features: Features): boolean;
}

const DEVICES = '/sys/bus/event_source/devices';

const NEEDS: readonly ProbeNeed[] = [
  {
    pattern: /\b(k|kr|kprobe|kretprobe):[\w*]/,
    reason: 'the kernel has no kprobes',
    isMissing: () => !existsSync(`${DEVICES}/kprobe`),
  },
  {
    pattern: /\b(fentry|fexit|kfunc|kretfunc|f|fr):[a-z_*]/,
    reason: 'the kernel has no fentry',
    isMissing: (features) => features.lacksProbe('fentry'),
  },
  {
    pattern: /\b(hardware|h):[a-z]/,
    reason: 'the machine has no hardware counters',
    isMissing: () => !existsSync(`${DEVICES}/cpu`),
  },
  {
    pattern: /\b(watchpoint|w):/,
    reason: 'the machine has no hardware breakpoints',
    isMissing: () => !existsSync(`${DEVICES}/breakpoint`),
  },
];

/** Features that come with one of these kinds of probe. */
const FEATURES: ReadonlySet<string> = new Set([
  ...['kprobe_multi', 'kprobe_session', 'get_func_ip', 'dpath', 'fentry'],
]);

function textOf({ command }: ConformanceCase, script: string): string {
  return `${command.kind === 'shell' ? command.line : command.text}\n${script}`;
}

/** Whether a case uses a kind of probe that not all kernels have. */
export function usesRareProbes(testCase: ConformanceCase, script: string): boolean {
  const text = textOf(testCase, script);
  return (
    NEEDS.some(({ pattern }) => pattern.test(text)) ||
    testCase.features.some(({ name }) => FEATURES.has(name))
  );
}

/** @param script the text of a program that the case runs from a file, if it does */
export function kernelLacks(
  testCase: ConformanceCase,
  script: string,
  features: Features,
): string | undefined {
  const text = textOf(testCase, script);
  return (
    NEEDS.find((need) => need.pattern.test(text) && need.isMissing(features))?.reason ??
    missingSymbol(text)
  );
}

/** Variables of the kernel are in /proc/kallsyms if it was built with CONFIG_KALLSYMS_ALL. */
function missingSymbol(text: string): string | undefined {
  const patterns = [/\bpercpu_kaddr\("(\w+)"/g];
  if (text.includes('/proc/kallsyms')) patterns.push(/\$3 == "(\w+)"/g);
  const names = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name));
  if (names.length === 0) return undefined;
  const symbols = readFileSync('/proc/kallsyms', 'latin1');
  const missing = names.find((name) => !new RegExp(` ${name}\\b`).test(symbols));
  return missing === undefined ? undefined : `/proc/kallsyms does not list ${missing}`;
}
