/** uprobe, uretprobe and usdt: probes in files, for all processes or one. */
import type { Target } from '../target.ts';
import type { ParsedAttachPoint, UserFunctionPoint } from './attach-point.ts';
import { parseAddress, parseOffset } from './parse-count.ts';
import { isRefusal, wrongPartCount } from './probe-kind.ts';
import type { ParseContext, ProbeDraft, ProbeKind, Refusal } from './probe-kind.ts';

function userFunction(
  name: 'uprobe' | 'uretprobe',
  aliases: readonly string[],
  has: ProbeKind['has'],
): ProbeKind {
  return {
    name,
    aliases,
    lookedUp: true,
    space: 'user',
    has,
    parse: (parts, context) => parse(name, parts, context),
    expand: (point, resolved, target) => {
      if (resolved.kind !== 'uprobe' || point.kind !== 'user-function') return [];
      const { path, symbol, fileOffset } = resolved;
      const offset = point.offset === 0 ? '' : `+${point.offset}`;
      const place = point.address === undefined ? `${symbol}${offset}` : `${point.address}`;
      return [
        {
          name: `${name}:${path}:${place}`,
          provider: name,
          resolved,
          attach: {
            kind: 'uprobe',
            path,
            fileOffset,
            returns: name === 'uretprobe',
            semaphoreOffset: 0,
            ...attachPid(target),
          },
          context: 'pt_regs',
        },
      ];
    },
  };
}

function parse(
  provider: 'uprobe' | 'uretprobe',
  written: readonly string[],
  { hasPid }: ParseContext,
): UserFunctionPoint | Refusal {
  if (written.includes('@')) {
    return { refusal: `${provider} by source code location is not supported yet` };
  }
  const withPath =
    hasPid && (written.length === 1 || (written.length === 2 && written[0] === 'cpp'));
  const parts = withPath ? ['', ...written] : written;
  if (parts.length !== 2 && parts.length !== 3) return wrongPartCount(provider, parts.length, 2, 3);
  const path = parts[0] ?? '';
  const language = parts.length === 3 ? parts[1] : undefined;
  const last = parts[parts.length - 1] ?? '';
  if (path === '' && !hasPid) return { refusal: `${provider} should have a target` };
  if (last === '') return { refusal: `${provider} should be attached to a function` };
  if (language !== undefined && language !== 'cpp') {
    return { refusal: `unsupported language type: ${language}` };
  }
  const common = {
    kind: 'user-function',
    provider,
    path,
    wildcard: path.includes('*') || last.includes('*'),
    ...(language === undefined ? {} : { language }),
  } as const;
  const address = parseAddress(last);
  if (address !== undefined) {
    if (path.includes('*')) return { refusal: 'Cannot use wildcards with absolute address' };
    return { ...common, symbol: '', offset: 0, address };
  }
  const parsed = parseOffset(last, provider === 'uprobe');
  if (isRefusal(parsed)) {
    return provider === 'uretprobe'
      ? { refusal: 'uretprobes can not be attached to a function offset' }
      : parsed;
  }
  return { ...common, symbol: parsed.name, offset: parsed.offset };
}

const usdt: ProbeKind = {
  name: 'usdt',
  aliases: ['U'],
  lookedUp: true,
  space: 'user',
  has: { argN: true, registers: true },
  parse: (written, { hasPid }) => {
    const parts = hasPid && written.length === 1 ? ['', ...written] : written;
    if (parts.length !== 2 && parts.length !== 3) return wrongPartCount('usdt', parts.length, 2, 3);
    const path = parts[0] ?? '';
    const name = parts[parts.length - 1] ?? '';
    if (name === '') return { refusal: 'usdt probe must have a target function or wildcard' };
    if (path === '' && !hasPid) {
      return { refusal: 'usdt probe must specify at least path or pid to probe' };
    }
    const namespace = parts.length === 3 ? parts[1] : undefined;
    return {
      kind: 'usdt',
      provider: 'usdt',
      path,
      name,
      wildcard: parts.some((part) => part.includes('*')),
      ...(namespace === undefined ? {} : { namespace }),
    };
  },
  expand: expandUsdt,
};

/** One program for each place in the code: the arguments lie elsewhere at each. */
function expandUsdt(
  _point: ParsedAttachPoint,
  resolved: ProbeDraft['resolved'],
  target: Target,
): readonly ProbeDraft[] {
  if (resolved.kind !== 'usdt') return [];
  const { path, provider, name, locations } = resolved;
  return locations.map((usdt) => ({
    name: `usdt:${path}:${provider}:${name}`,
    provider: 'usdt',
    resolved,
    usdt,
    attach: {
      kind: 'uprobe',
      path,
      fileOffset: usdt.fileOffset,
      returns: false,
      semaphoreOffset: usdt.semaphoreOffset,
      ...attachPid(target),
    },
    context: 'pt_regs',
  }));
}

/** The kernel filters by process when attaching. */
export function attachPid(target: Target): { readonly pid?: number } {
  return target.pid === undefined ? {} : { pid: target.pid };
}

export const userFunctionKinds: readonly ProbeKind[] = [
  userFunction('uprobe', ['u'], { argN: true, func: true, registers: true }),
  userFunction('uretprobe', ['ur'], { retval: true, func: true, registers: true }),
  usdt,
];
