/** uprobe, uretprobe and usdt attach points: files, symbols and notes. */
import { readFileSync } from 'node:fs';
import {
  Elf,
  ElfError,
  parseUsdtArgs,
  SymbolTable,
  usdtProbes,
  type ElfArchitecture,
  type UsdtArg,
  type UsdtProbe,
} from '@bpfleet/bpf/elf';
import type {
  ParsedAttachPoint,
  ProbeExpansion,
  ResolvedProbe,
  UsdtArgument,
  UsdtLocation,
} from '@bpfleet/lang';
import { findBinary, type PathContext } from './binary-path.ts';
import { nearNames } from './near-names.ts';
import { matcher } from './wildcard.ts';

type UserFunction = Extract<ParsedAttachPoint, { kind: 'user-function' }>;
type Usdt = Extract<ParsedAttachPoint, { kind: 'usdt' }>;

interface Binary {
  readonly path: string;
  readonly elf: Elf;
}

export function findUserFunctions(point: UserFunction, context: PathContext): ProbeExpansion {
  return inBinary(point.path, context, ({ path, elf }) => {
    if (point.address !== undefined) {
      const fileOffset = elf.addressToOffset(Number(point.address));
      if (fileOffset === undefined) return missing([], `address is not in ${path}`);
      return { kind: 'found', probes: [{ kind: 'uprobe', path, symbol: '', fileOffset }] };
    }
    const symbols = new SymbolTable(elf);
    const matches = matcher(point.symbol);
    const names = point.symbol.includes('*')
      ? [...new Set(symbols.functions.map((symbol) => symbol.name).filter(matches))]
      : [point.symbol];
    const probes: ResolvedProbe[] = [];
    const taken = new Set<number>();
    for (const name of names) {
      const symbol = symbols.find(name);
      const start = symbol === undefined ? undefined : symbols.fileOffset(symbol);
      if (start === undefined || taken.has(start)) continue;
      taken.add(start);
      probes.push({ kind: 'uprobe', path, symbol: name, fileOffset: start + point.offset });
    }
    if (probes.length > 0) return { kind: 'found', probes };
    const near = nearNames(
      point.symbol,
      symbols.functions.map((symbol) => symbol.name),
    );
    return missing(near);
  });
}

export function findUsdt(point: Usdt, context: PathContext): ProbeExpansion {
  return inBinary(point.path, context, ({ path, elf }) => {
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
    const symbols = new SymbolTable(elf);
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
  context: PathContext,
  search: (binary: Binary) => ProbeExpansion,
): ProbeExpansion {
  const path = findBinary(written, context);
  if (path === undefined) return missing([], `no such file: ${written}`);
  try {
    return search({ path, elf: new Elf(readFileSync(path)) });
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
    return missing([], `${path}: ${error.message}`);
  }
}

function missing(near: readonly string[], reason?: string): ProbeExpansion {
  return { kind: 'missing', near, ...(reason === undefined ? {} : { reason }) };
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
