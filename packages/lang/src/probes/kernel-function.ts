/**
 * kprobe, kretprobe, fentry and fexit. Where the kernel has no kprobes but lets BPF trampolines in, a kprobe is attached
 * as fentry and a kretprobe as fexit: their arguments are the same as long as they fit registers.
 */
import type { ResolvedProbe, Target } from '../target.ts';
import type { KernelFunctionPoint } from './attach-point.ts';
import { parseAddress, parseOffset } from './parse-count.ts';
import { isRefusal, pidFilter, wrongPartCount } from './probe-kind.ts';
import type { ProbeDraft, ProbeKind, Refusal } from './probe-kind.ts';

const REGISTER_BYTES = 8;

type KernelFunctionProvider = KernelFunctionPoint['provider'];

function kernelFunction(
  name: KernelFunctionProvider,
  aliases: readonly string[],
  has: ProbeKind['has'],
  deprecatedAliases: readonly string[] = [],
): ProbeKind {
  const tracing = name === 'fentry' || name === 'fexit';
  return {
    name,
    aliases,
    deprecatedAliases,
    lookedUp: true,
    space: 'kernel',
    has,
    parse: (parts) => (tracing ? parseTracing(name, parts) : parseKprobe(name, parts)),
    expand: (point, resolved, target) => {
      if (point.kind !== 'kernel-function') return [];
      const refusal = tracing ? refuseTracing(point, target) : refuseKprobe(point, target);
      if (refusal !== undefined) return refusal;
      return tracing
        ? expandTracing(point, resolved, target)
        : expandKprobe(point, resolved, target);
    },
  };
}

function parseKprobe(
  provider: KernelFunctionProvider,
  parts: readonly string[],
): KernelFunctionPoint | Refusal {
  if (parts.length !== 1 && parts.length !== 2) {
    return wrongPartCount(provider, parts.length, 1, 2);
  }
  const target = parts[parts.length - 1] ?? '';
  if (target === '') return { refusal: 'kprobes should be attached to a function or an address' };
  if (parseAddress(target) !== undefined)
    return { refusal: 'Probing by address is not supported yet' };
  const parsed = parseOffset(target, provider === 'kprobe');
  if (isRefusal(parsed)) return parsed;
  return point(provider, parts.length === 2 ? parts[0] : undefined, parsed.name, parsed.offset);
}

function parseTracing(
  provider: KernelFunctionProvider,
  parts: readonly string[],
): KernelFunctionPoint | Refusal {
  if (parts.length < 1 || parts.length > 3) return wrongPartCount(provider, parts.length, 1, 3);
  if (parts[0] === 'bpf') return { refusal: `${provider}:bpf is not supported yet` };
  if (parts.length === 3) {
    return { refusal: "Only the 'bpf' variant of this probe supports 4 arguments" };
  }
  const name = parts[parts.length - 1] ?? '';
  if (name === '') return { refusal: 'fentry/fexit should specify a function' };
  return point(provider, parts.length === 2 ? parts[0] : undefined, name, 0);
}

function point(
  provider: KernelFunctionProvider,
  module: string | undefined,
  name: string,
  offset: number,
): KernelFunctionPoint {
  return {
    kind: 'kernel-function',
    provider,
    function: name,
    offset,
    wildcard: name.includes('*') || module?.includes('*') === true,
    ...(module === undefined || module === '' ? {} : { module }),
  };
}

function refuseTracing(written: KernelFunctionPoint, target: Target): Refusal | undefined {
  if (target.features.fentry) return undefined;
  return { refusal: `${describe(written)}: ${fentryRefused(target)}` };
}

/** Why no kprobe can be had, by trampoline or else. */
export function refuseKprobe(written: KernelFunctionPoint, target: Target): Refusal | undefined {
  if (target.features.kprobe) return undefined;
  const missing = `${describe(written)}: no kprobes in this kernel`;
  if (!target.features.fentry) return { refusal: `${missing}, and ${fentryRefused(target)}` };
  if (written.offset !== 0) {
    return { refusal: `${missing}, and fentry attaches to the start of a function only` };
  }
  return undefined;
}

function fentryRefused(target: Target): string {
  const errno = target.features.fentryRefusal;
  return errno === undefined ? 'fentry is refused' : `fentry is refused with ${errno}`;
}

function describe(written: KernelFunctionPoint): string {
  return [written.provider, written.module, written.function]
    .filter((part) => part !== undefined)
    .join(':');
}

function expandTracing(
  written: KernelFunctionPoint,
  resolved: ResolvedProbe,
  target: Target,
): readonly ProbeDraft[] | Refusal {
  if (resolved.kind !== 'fentry') return [];
  return [
    {
      name: `${written.provider}:${resolved.module ?? 'vmlinux'}:${resolved.function}`,
      provider: written.provider,
      resolved,
      attach: { kind: 'tracing' },
      context: 'tracing',
      ...pidFilter(target),
    },
  ];
}

function expandKprobe(
  written: KernelFunctionPoint,
  resolved: ResolvedProbe,
  target: Target,
): readonly ProbeDraft[] | Refusal {
  if (resolved.kind !== 'kprobe') return [];
  const { provider, offset } = written;
  const module = written.module === undefined ? undefined : resolved.module;
  const name = [provider, module, resolved.function].filter((part) => part !== undefined).join(':');
  const draft = {
    name: offset === 0 ? name : `${name}+${offset}`,
    provider,
    resolved,
    ...pidFilter(target),
  };
  if (target.features.kprobe) {
    const attach = {
      kind: 'kprobe',
      function: resolved.function,
      offset,
      returns: provider === 'kretprobe',
      ...(resolved.module === undefined ? {} : { module: resolved.module }),
    } as const;
    return [{ ...draft, attach, context: 'pt_regs' }];
  }
  if (resolved.signature === undefined) {
    return {
      refusal:
        `${name}: no kprobes in this kernel, and fentry needs the types of ` +
        `'${resolved.function}', which BTF does not have`,
    };
  }
  // Such an argument takes two registers, so that `argN` would mean another one.
  const byValue = resolved.signature.args.find((arg) => arg.size > REGISTER_BYTES);
  if (byValue !== undefined) {
    return {
      refusal:
        `${name}: no kprobes in this kernel, and fentry cannot stand in: ` +
        `argument '${byValue.name}' is passed by value in several registers`,
    };
  }
  return [{ ...draft, attach: { kind: 'tracing' }, context: 'tracing' }];
}

export const kernelFunctionKinds: readonly ProbeKind[] = [
  kernelFunction('kprobe', ['k'], { argN: true, func: true, registers: true }),
  kernelFunction('kretprobe', ['kr'], { retval: true, func: true, registers: true }),
  kernelFunction('fentry', ['f'], { args: true, func: true }, ['kfunc']),
  kernelFunction('fexit', ['fr'], { args: true, retval: true, func: true }, ['kretfunc']),
];
