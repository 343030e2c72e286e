/**
 * fentry and fexit: BPF trampolines at the entry to and the return from kernel functions and BPF programs. Where the kernel has
 * none, kprobes and kretprobes stand in: the arguments are in registers, and after the return they are gone.
 */
import { isSwitchedOff } from './lacking.ts';
import type { ResolvedProbe, Target } from '../target.ts';
import type { KernelFunctionPoint, ParsedAttachPoint } from './attach-point.ts';
import { parseAddress } from './parse-count.ts';
import { pidFilter, wrongPartCount } from './probe-kind.ts';
import type { ProbeDraft, ProbeKind, Refusal } from './probe-kind.ts';

type FentryProvider = 'fentry' | 'fexit';

function fentryKind(
  name: FentryProvider,
  aliases: readonly string[],
  deprecatedAliases: readonly string[],
  has: ProbeKind['has'],
): ProbeKind {
  return {
    name,
    aliases,
    ...(name === 'fentry' ? { listed: 'kernel' } : {}),
    deprecatedAliases,
    lookedUp: true,
    space: 'kernel',
    has,
    parse: (parts) => parse(name, parts),
    expand: (point, resolved, target) => {
      if (point.kind !== 'kernel-function' && point.kind !== 'bpf-program') return [];
      if (target.features.fentry) return expand(name, resolved, target);
      if (target.features.kprobe && resolved.kind === 'fentry')
        return standIn(name, resolved, target);
      return { refusal: `${describe(point)}: ${fentryRefused(target)}` };
    },
  };
}

function parse(provider: FentryProvider, parts: readonly string[]): ParsedAttachPoint | Refusal {
  if (parts.length < 1 || parts.length > 3) return wrongPartCount(provider, parts.length, 1, 3);
  if (parts[0] === 'bpf') return parseProgram(provider, parts.slice(1));
  if (parts.length === 3) {
    return { refusal: "Only the 'bpf' variant of this probe supports 4 arguments" };
  }
  const module = parts.length === 2 ? parts[0] : undefined;
  const name = parts[parts.length - 1] ?? '';
  if (name === '') return { refusal: 'fentry/fexit should specify a function' };
  return {
    kind: 'kernel-function',
    provider,
    function: name,
    offset: 0,
    wildcard: name.includes('*') || module?.includes('*') === true,
    ...(module === undefined || module === '' ? {} : { module }),
  };
}

function parseProgram(
  provider: FentryProvider,
  parts: readonly string[],
): ParsedAttachPoint | Refusal {
  const [first, second] = parts;
  if (first === undefined) {
    return {
      refusal:
        "the 'bpf' variant of this probe requires a bpf program name and optional bpf program id",
    };
  }
  const name = second ?? first;
  if (name === '') return { refusal: 'fentry/fexit should specify a function' };
  const common = { kind: 'bpf-program', provider, name } as const;
  if (second === undefined || first === '*') return { ...common, wildcard: true };
  const id = parseAddress(first);
  if (id === undefined) return { refusal: "bpf program id must be a number or '*'" };
  return { ...common, id: Number(id), wildcard: name.includes('*') };
}

function expand(
  provider: FentryProvider,
  resolved: ResolvedProbe,
  target: Target,
): readonly ProbeDraft[] {
  if (resolved.kind !== 'fentry' && resolved.kind !== 'bpf-program') return [];
  const place =
    resolved.kind === 'fentry'
      ? `${resolved.module ?? 'vmlinux'}:${resolved.function}`
      : `bpf:${resolved.id}:${resolved.name}`;
  return [
    {
      name: `${provider}:${place}`,
      provider,
      resolved,
      attach: { kind: 'tracing' },
      context: 'tracing',
      ...pidFilter(target),
    },
  ];
}

function standIn(
  provider: FentryProvider,
  resolved: Extract<ResolvedProbe, { kind: 'fentry' }>,
  target: Target,
): readonly ProbeDraft[] {
  const { function: name, module = 'vmlinux' } = resolved;
  return [
    {
      name: `${provider}:${module}:${name}`,
      provider,
      resolved,
      attach: {
        kind: 'kprobe',
        function: name,
        offset: 0,
        returns: provider === 'fexit',
        ...(module === 'vmlinux' ? {} : { module }),
      },
      context: 'pt_regs',
      ...pidFilter(target),
    },
  ];
}

export function fentryRefused(target: Target): string {
  if (isSwitchedOff('fentry', target)) return 'fentry is switched off';
  const errno = target.features.fentryRefusal;
  return errno === undefined ? 'fentry is refused' : `fentry is refused with ${errno}`;
}

function describe(
  point: KernelFunctionPoint | Extract<ParsedAttachPoint, { kind: 'bpf-program' }>,
): string {
  if (point.kind === 'kernel-function') return describeFunction(point);
  return `${point.provider}:bpf:${point.id ?? '*'}:${point.name}`;
}

export function describeFunction(point: KernelFunctionPoint): string {
  const place = point.address === undefined ? point.function : `${point.address}`;
  return [point.provider, point.module, place].filter((part) => part !== undefined).join(':');
}

export const fentryKinds: readonly ProbeKind[] = [
  fentryKind('fentry', ['f'], ['kfunc'], { args: true, func: true }),
  fentryKind('fexit', ['fr'], ['kretfunc'], { args: true, retval: true, func: true }),
];
