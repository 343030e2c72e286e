/**
 * kprobe and kretprobe. Where the kernel has no kprobes but lets BPF trampolines in, a kprobe is attached as fentry and
 * a kretprobe as fexit: their arguments are the same as long as they fit registers.
 */
import type { ResolvedProbe, Target } from '../target.ts';
import type { KernelFunctionPoint, ParsedAttachPoint } from './attach-point.ts';
import { describeFunction, fentryRefused } from './fentry.ts';
import { lacking } from './lacking.ts';
import { parseAddress, parseOffset } from './parse-count.ts';
import { isRefusal, pidFilter, wrongPartCount } from './probe-kind.ts';
import type { ParseContext, ProbeDraft, ProbeKind, Refusal, TogetherDraft } from './probe-kind.ts';

const REGISTER_BYTES = 8;

type KprobePoint = KernelFunctionPoint & { readonly provider: 'kprobe' | 'kretprobe' };

function kprobeKind(
  name: KprobePoint['provider'],
  aliases: readonly string[],
  has: ProbeKind['has'],
): ProbeKind {
  return {
    name,
    aliases,
    ...(name === 'kprobe' ? { listed: 'kernel' } : {}),
    lookedUp: true,
    space: 'kernel',
    has,
    parse: (parts, context) => parse(name, parts, context),
    expand: (point, resolved, target) => {
      if (point.kind !== 'kernel-function') return [];
      return refuseKprobe(point, target) ?? expand(point, resolved, target);
    },
    expandTogether,
  };
}

function parse(
  provider: KprobePoint['provider'],
  parts: readonly string[],
  { unsafe }: ParseContext,
): KernelFunctionPoint | Refusal {
  if (parts.length !== 1 && parts.length !== 2) {
    return wrongPartCount(provider, parts.length, 1, 2);
  }
  const module = parts.length === 2 ? parts[0] : undefined;
  const place = parts[parts.length - 1] ?? '';
  if (place === '') return { refusal: 'kprobes should be attached to a function or an address' };
  const common = {
    kind: 'kernel-function',
    provider,
    ...(module === undefined || module === '' ? {} : { module }),
  } as const;
  const address = parseAddress(place);
  if (address !== undefined) {
    // The kernel alone knows whether an instruction starts there.
    if (!unsafe) return { refusal: 'Probing by address requires --unsafe' };
    return { ...common, function: '', offset: 0, wildcard: false, address };
  }
  const parsed = parseOffset(place, provider === 'kprobe');
  if (isRefusal(parsed)) return parsed;
  const wildcard = parsed.name.includes('*') || module?.includes('*') === true;
  return { ...common, function: parsed.name, offset: parsed.offset, wildcard };
}

/** Why no kprobe can be had, by trampoline or else. */
export function refuseKprobe(written: KernelFunctionPoint, target: Target): Refusal | undefined {
  if (target.features.kprobe) return undefined;
  const missing = `${describeFunction(written)}: ${lacking('kprobes', 'kprobe', target)}`;
  if (!target.features.fentry) return { refusal: `${missing}, and ${fentryRefused(target)}` };
  if (written.offset !== 0 || written.address !== undefined) {
    return { refusal: `${missing}, and fentry attaches to the start of a function only` };
  }
  return undefined;
}

function expand(
  written: KernelFunctionPoint,
  resolved: ResolvedProbe,
  target: Target,
): readonly ProbeDraft[] | Refusal {
  if (resolved.kind !== 'kprobe') return [];
  const { provider, offset, address } = written;
  const module = written.module === undefined ? undefined : resolved.module;
  const place = address === undefined ? resolved.function : `${address}`;
  const name = [provider, module, place].filter((part) => part !== undefined).join(':');
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
      ...(module === undefined || module === 'vmlinux' ? {} : { module }),
      ...(address === undefined ? {} : { address }),
    } as const;
    return [{ ...draft, attach, context: 'pt_regs' }];
  }
  if (resolved.signature === undefined) {
    return {
      refusal:
        `${name}: ${lacking('kprobes', 'kprobe', target)}, and fentry needs the types of ` +
        `'${resolved.function}', which BTF does not have`,
    };
  }
  // Such an argument takes two registers, so that `argN` would mean another one.
  const byValue = resolved.signature.args.find((arg) => arg.size > REGISTER_BYTES);
  if (byValue !== undefined) {
    return {
      refusal:
        `${name}: ${lacking('kprobes', 'kprobe', target)}, and fentry cannot stand in: ` +
        `argument '${byValue.name}' is passed by value in several registers`,
    };
  }
  return [{ ...draft, attach: { kind: 'tracing' }, context: 'tracing' }];
}

/** A multi link takes names of functions, and no modules with them. */
function expandTogether(
  point: ParsedAttachPoint,
  resolved: readonly ResolvedProbe[],
  target: Target,
): readonly TogetherDraft[] | undefined {
  if (point.kind !== 'kernel-function' || !point.wildcard || point.module !== undefined) {
    return undefined;
  }
  const { kprobe, kprobeMulti } = target.features;
  if (!kprobe || !kprobeMulti || point.offset !== 0) return undefined;
  const functions = [
    ...new Set(resolved.flatMap((one) => (one.kind === 'kprobe' ? [one.function] : []))),
  ];
  return [
    {
      draft: {
        name: `${point.provider}:${point.function}`,
        provider: point.provider,
        resolved: { kind: 'kprobe', function: point.function },
        attach: { kind: 'kprobe-multi', functions, returns: point.provider === 'kretprobe' },
        context: 'pt_regs',
        count: functions.length,
        ...pidFilter(target),
      },
      matches: functions.map((name) => `${point.provider}:${name}`),
    },
  ];
}

export const kprobeKinds: readonly ProbeKind[] = [
  kprobeKind('kprobe', ['k'], { argN: true, func: true, registers: true }),
  kprobeKind('kretprobe', ['kr'], { retval: true, func: true, registers: true }),
];
