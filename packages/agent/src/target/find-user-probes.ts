/** uprobe, uretprobe and usdt attach points: files, symbols and notes. */
import { DwarfError } from '@bpfleet/bpf/dwarf';
import {
  ElfError,
  parseUsdtArgs,
  usdtProbes,
  type Elf,
  type ElfArchitecture,
  type SymbolTable,
  type UsdtArg,
  type UsdtProbe,
} from '@bpfleet/bpf/elf';
import type {
  DebugQuery,
  ParsedAttachPoint,
  ProbeExpansion,
  ResolvedProbe,
  UsdtArgument,
  UsdtLocation,
} from '@bpfleet/lang';
import { withDebugTypes, type FunctionProbe } from '../debug/program-types.ts';
import { UserFile, type DebugSettings } from '../debug/user-file.ts';
import { findBinary, type PathContext } from './binary-path.ts';
import { nearNames } from './near-names.ts';
import { matcher } from './wildcard.ts';

type UserFunction = Extract<ParsedAttachPoint, { kind: 'user-function' }>;
type Usdt = Extract<ParsedAttachPoint, { kind: 'usdt' }>;

/** What is asked beside the places of probes, and where to find it. */
export interface UserProbeContext extends PathContext {
  readonly debug: DebugSettings;
  readonly query: DebugQuery;
}

export function findUserFunctions(point: UserFunction, context: UserProbeContext): ProbeExpansion {
  return inBinary(point.path, context, (file) => {
    if (point.source !== undefined) return findSourceLine(point.source, file, context);
    if (point.address !== undefined) {
      return atAddress(Number(point.address), file, context, 'address is not in');
    }
    const { path, symbols } = file;
    const matches = matcher(point.symbol);
    const names = point.symbol.includes('*')
      ? [...new Set(symbols.functions.map((symbol) => symbol.name).filter(matches))]
      : [point.symbol];
    const probes: FunctionProbe[] = [];
    const taken = new Set<number>();
    for (const name of names) {
      const symbol = symbols.find(name);
      const start = symbol === undefined ? undefined : symbols.fileOffset(symbol);
      if (symbol === undefined || start === undefined || taken.has(start)) continue;
      taken.add(start);
      const probe = {
        kind: 'uprobe',
        path,
        symbol: name,
        fileOffset: start + point.offset,
      } as const;
      probes.push({ probe, address: symbol.address });
    }
    if (probes.length > 0) {
      return { kind: 'found', probes: withDebugTypes(probes, file, context.query) };
    }
    const near = nearNames(
      point.symbol,
      symbols.functions.map((symbol) => symbol.name),
    );
    return missing(near);
  });
}

function findSourceLine(
  line: NonNullable<UserFunction['source']>,
  file: UserFile,
  context: UserProbeContext,
): ProbeExpansion {
  const { debugInfo, path } = file;
  if (debugInfo === undefined) {
    const reason = `No DWARF debug info found for '${path}', cannot attach by source code location.`;
    return missing([], reason);
  }
  const found = debugInfo.lineAddress(line);
  if ('reason' in found) return missing([], `DWARF error: ${found.reason}`);
  const expansion = atAddress(found.address, file, context, 'source line is not in');
  if (expansion.kind !== 'found') return expansion;
  const address = BigInt(found.address);
  return {
    kind: 'found',
    probes: expansion.probes.map((probe) =>
      probe.kind === 'uprobe' ? { ...probe, address } : probe,
    ),
  };
}

function atAddress(
  address: number,
  file: UserFile,
  { query }: UserProbeContext,
  otherwise: string,
): ProbeExpansion {
  const { path, elf } = file;
  const fileOffset = elf.addressToOffset(address);
  if (fileOffset === undefined) return missing([], `${otherwise} ${path}`);
  const probe = { kind: 'uprobe', path, symbol: '', fileOffset } as const;
  return { kind: 'found', probes: withDebugTypes([{ probe, address }], file, query) };
}

export function findUsdt(point: Usdt, context: UserProbeContext): ProbeExpansion {
  return inBinary(point.path, context, ({ path, elf, symbols }) => {
    const all = usdtProbes(elf);
    const inNamespace = matcher(point.namespace ?? '*');
    const named = matcher(point.name);
    const groups = new Map<string, { first: UsdtProbe; locations: UsdtProbe[] }>();
    for (const probe of all) {
      if (!inNamespace(probe.provider) || !named(probe.name)) continue;
      const id = `${probe.provider}:${probe.name}`;
      const group = groups.get(id);
      if (group === undefined) groups.set(id, { first: probe, locations: [probe] });
      else group.locations.push(probe);
    }
    if (groups.size === 0) {
      if (all.length === 0) return missing([], `${path} has no USDT probes`);
      return missing(
        nearNames(
          point.name,
          all.map((probe) => probe.name),
        ),
      );
    }
    const probes = [...groups.values()].map(({ first, locations }): ResolvedProbe => ({
      kind: 'usdt',
      path,
      provider: first.provider,
      name: first.name,
      locations: locations.map((one) => location(one, elf, symbols)),
    }));
    return { kind: 'found', probes };
  });
}

function inBinary(
  written: string,
  context: UserProbeContext,
  search: (file: UserFile) => ProbeExpansion,
): ProbeExpansion {
  const path = findBinary(written, context);
  if (path === undefined) return missing([], `no such file: ${written}`);
  try {
    return search(new UserFile(path, context.debug));
  } catch (error) {
    if (!(error instanceof ElfError || error instanceof DwarfError)) throw error;
    return missing([], `${path}: ${error.message}`);
  }
}

function missing(near: readonly string[], reason?: string): ProbeExpansion {
  return reason === undefined ? { kind: 'missing', near } : { kind: 'refused', message: reason };
}

function location(probe: UsdtProbe, elf: Elf, symbols: SymbolTable): UsdtLocation {
  return {
    fileOffset: probe.fileOffset,
    semaphoreOffset: probe.semaphoreOffset ?? 0,
    args: parseUsdtArgs(probe.argsSpec, architectureOf(elf)).map((arg) =>
      argument(arg, probe, symbols),
    ),
  };
}

function architectureOf(elf: Elf): ElfArchitecture {
  if (elf.architecture === undefined) throw new ElfError('elf: neither x86_64 nor arm64');
  return elf.architecture;
}

function argument(arg: UsdtArg, probe: UsdtProbe, symbols: SymbolTable): UsdtArgument {
  const common = { size: arg.sizeBytes, signed: arg.signed };
  switch (arg.kind) {
    case 'const':
      return { ...common, kind: 'constant', value: arg.value };
    case 'reg':
      if (arg.bitOffset !== 0)
        throw new ElfError(`usdt argument in the high byte of ${arg.reg} is not supported`);
      return { ...common, kind: 'register', register: arg.reg };
    case 'memory':
      return {
        ...common,
        kind: 'memory',
        base: arg.reg ?? 'ip',
        ...(arg.index === undefined ? {} : { index: arg.index, scale: arg.scale }),
        displacement: BigInt(arg.displacement) + symbolDistance(arg, probe, symbols),
      };
  }
}

/** A symbol is as far from the probed instruction at run time as it was linked. */
function symbolDistance(
  arg: Extract<UsdtArg, { kind: 'memory' }>,
  probe: UsdtProbe,
  symbols: SymbolTable,
): bigint {
  if (arg.symbol === undefined) {
    return arg.reg === undefined ? BigInt(-probe.address) : 0n;
  }
  const symbol = symbols.find(arg.symbol);
  if (symbol === undefined)
    throw new ElfError(`usdt argument names the unknown symbol ${arg.symbol}`);
  return BigInt(symbol.address - probe.address);
}
