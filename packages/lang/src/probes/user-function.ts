/** uprobe and uretprobe: functions of files, for all processes or one. */
import type { ResolvedProbe, Target } from '../target.ts';
import { attachPid } from './attach-pid.ts';
import type { ParsedAttachPoint, UserFunctionPoint } from './attach-point.ts';
import { parseAddress, parseCount, parseOffset } from './parse-count.ts';
import { isRefusal, wrongPartCount } from './probe-kind.ts';
import type { ParseContext, ProbeKind, Refusal, TogetherDraft } from './probe-kind.ts';

function userFunction(
  name: 'uprobe' | 'uretprobe',
  aliases: readonly string[],
  has: ProbeKind['has'],
): ProbeKind {
  return {
    name,
    aliases,
    ...(name === 'uprobe' ? { listed: 'user' } : {}),
    lookedUp: true,
    space: 'user',
    has,
    parse: (parts, context) => parse(name, parts, context),
    expand: (point, resolved, target) => {
      if (resolved.kind !== 'uprobe' || point.kind !== 'user-function') return [];
      const { path, mappedPath = path, fileOffset } = resolved;
      return [
        {
          name: nameOf(point, resolved),
          provider: name,
          resolved,
          attach: {
            kind: 'uprobe',
            path: mappedPath,
            fileOffset,
            returns: name === 'uretprobe',
            semaphoreOffset: 0,
            ...attachPid(target),
          },
          context: 'pt_regs',
        },
      ];
    },
    expandTogether,
  };
}

type UserFunction = Extract<ResolvedProbe, { kind: 'uprobe' }>;

function nameOf(point: UserFunctionPoint, { path, symbol, ...resolved }: UserFunction): string {
  const offset = point.offset === 0 ? '' : `+${point.offset}`;
  const address = point.address ?? resolved.address;
  return probeName(point, path, address === undefined ? `${symbol}${offset}` : `${address}`);
}

function probeName({ provider, language }: UserFunctionPoint, path: string, place: string): string {
  return [provider, path, language, place].filter((part) => part !== undefined).join(':');
}

/** One multi link for each file. */
function expandTogether(
  point: ParsedAttachPoint,
  resolved: readonly ResolvedProbe[],
  target: Target,
): readonly TogetherDraft[] | undefined {
  if (point.kind !== 'user-function' || !target.features.uprobeMulti) return undefined;
  // A name of C++ may stand for several functions.
  if (!point.wildcard && point.language === undefined) return undefined;
  const byPath = new Map<
    string,
    { readonly mappedPath: string; readonly fileOffsets: number[]; readonly matches: string[] }
  >();
  for (const one of resolved) {
    if (one.kind !== 'uprobe') continue;
    const { path, mappedPath = path, fileOffset } = one;
    const file = byPath.get(path) ?? { mappedPath, fileOffsets: [], matches: [] };
    byPath.set(path, file);
    file.fileOffsets.push(fileOffset);
    file.matches.push(nameOf(point, one));
  }
  return [...byPath].map(([path, { mappedPath, fileOffsets, matches }]) => ({
    draft: {
      name: probeName(point, path, point.symbol),
      provider: point.provider,
      resolved: { kind: 'uprobe', path, symbol: point.symbol, fileOffset: 0 },
      attach: {
        kind: 'uprobe-multi',
        path: mappedPath,
        fileOffsets,
        returns: point.provider === 'uretprobe',
        ...attachPid(target),
      },
      context: 'pt_regs',
      count: fileOffsets.length,
    },
    matches,
  }));
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

export const userFunctionKinds: readonly ProbeKind[] = [
  userFunction('uprobe', ['u'], { argN: true, args: true, func: true, registers: true }),
  userFunction('uretprobe', ['ur'], { retval: true, func: true, registers: true }),
];
