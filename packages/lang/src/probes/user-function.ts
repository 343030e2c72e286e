/** uprobe, uretprobe and usdt: probes in files, for all processes or one. */
import type { Target } from '../target.ts';
import type { ParsedAttachPoint, UserFunctionPoint } from './attach-point.ts';
import { parseAddress, parseCount, parseOffset } from './parse-count.ts';
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
      const address = point.address ?? resolved.address;
      const place = address === undefined ? `${symbol}${offset}` : `${address}`;
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
  const at = written.indexOf('@');
  if (at !== -1) return parseSourceLine(provider, written, at, hasPid);
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

/** `path@file:line` and `path@file:line:column`. */
function parseSourceLine(
  provider: 'uprobe' | 'uretprobe',
  written: readonly string[],
  at: number,
  hasPid: boolean,
): UserFunctionPoint | Refusal {
  if (provider === 'uretprobe') return { refusal: 'Source code location not allowed' };
  const [path = '', ...more] = written.slice(0, at);
  if (path.includes('*')) return { refusal: 'Cannot use wildcards with source code location' };
  const [file = '', line = '', column, ...rest] = written.slice(at + 1);
  if (more.length > 0 || rest.length > 0 || file === '' || line === '') {
    return {
      refusal: 'Invalid uprobe arguments, expected format: uprobe:TARGET@FILE:LINE[:COL]',
    };
  }
  if (path === '' && !hasPid) {
    return { refusal: 'Unspecified target binary, cannot attach by source code location.' };
  }
  const lineNumber = parseCount(line, 'Invalid line number');
  if (typeof lineNumber !== 'bigint') return lineNumber;
  const columnNumber = column === undefined ? 0n : parseCount(column, 'Invalid column number');
  if (typeof columnNumber !== 'bigint') return columnNumber;
  return {
    kind: 'user-function',
    provider,
    path,
    symbol: '',
    offset: 0,
    wildcard: false,
    source: { file, line: Number(lineNumber), column: Number(columnNumber) },
  };
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
  userFunction('uprobe', ['u'], { argN: true, args: true, func: true, registers: true }),
  userFunction('uretprobe', ['ur'], { retval: true, func: true, registers: true }),
  usdt,
];
