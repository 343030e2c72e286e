/** uprobe, uretprobe and usdt attach points: files, symbols and notes. */
import { DwarfError } from '@bpfleet/bpf/dwarf';
import {
  ElfError,
  isInstructionStart,
  usdtProbes,
  type Elf,
  type ElfArchitecture,
  type ElfSymbol,
  type SymbolTable,
  type UsdtProbe,
} from '@bpfleet/bpf/elf';
import type {
  DebugQuery,
  ParsedAttachPoint,
  ProbeExpansion,
  ResolvedProbe,
  UsdtLocation,
} from '@bpfleet/lang';
import { withDebugTypes, type FunctionProbe } from '../debug/program-types.ts';
import { UserFile, type DebugSettings } from '../debug/user-file.ts';
import type { PathContext } from './binary-path.ts';
import { findBinaries } from './find-binaries.ts';
import { cppMatcher } from './cpp-names.ts';
import { withVariables } from './user-variables.ts';
import { nearNames } from './near-names.ts';
import { usdtArguments } from './usdt-arguments.ts';
import { matcher } from './wildcard.ts';

type UserFunction = Extract<ParsedAttachPoint, { kind: 'user-function' }>;
type Usdt = Extract<ParsedAttachPoint, { kind: 'usdt' }>;

/** What is asked beside the places of probes, and where to find it. */
export interface UserProbeContext extends PathContext {
  /** Attach where nobody can tell whether it is an instruction. */
  readonly unsafe: boolean;
  readonly debug: DebugSettings;
  readonly query: DebugQuery;
  /** Names of variables. */
  readonly variables: readonly string[];
}

export function findUserFunctions(point: UserFunction, context: UserProbeContext): ProbeExpansion {
  return inBinaries(point, context, (file) => {
    if (point.source !== undefined) return findSourceLine(point.source, file, context);
    if (point.address !== undefined)
      return findAddress(point, Number(point.address), file, context);
    return point.symbol.includes('*') || point.language === 'cpp'
      ? findFunctions(point, file, context)
      : findFunction(point, file, context);
  });
}

function findFunction(
  { symbol: name, offset, provider }: UserFunction,
  file: UserFile,
  context: UserProbeContext,
): ProbeExpansion {
  const { symbols } = file;
  const symbol = symbols.find(name);
  const start = symbol === undefined ? undefined : symbols.fileOffset(symbol);
  if (symbol === undefined || start === undefined) {
    const names = symbols.functions.map((one) => one.name);
    return { kind: 'missing', near: nearNames(name, names) };
  }
  const { sizeBytes, address } = symbol;
  if (sizeBytes === 0 && offset === 0 && !context.unsafe) {
    return unattachable(
      `Could not determine boundary for ${name} (symbol has size 0).${USE_UNSAFE}`,
    );
  }
  if (offset !== 0 && offset >= sizeBytes) {
    return unattachable(`Offset outside the function bounds ('${name}' size is ${sizeBytes})`);
  }
  const place = checkPlace(file, symbol, offset, provider, context);
  if (place.refusal !== undefined) return place.refusal;
  const probe = uprobeAt(file, name, start + offset);
  const probes = withDebugTypes([{ probe, address }], file, context.query);
  return { kind: 'found', probes, ...place.warnings };
}

const USE_UNSAFE =
  '\nUse --unsafe to force attachment. WARNING: This option could lead to data corruption in the target process.';

interface PlaceCheck {
  readonly refusal?: ProbeExpansion;
  readonly warnings?: { readonly warnings: readonly string[] };
}

/** A probe within an instruction makes another one of it, and the program go wrong. */
function checkPlace(
  { path, elf, symbols }: UserFile,
  symbol: ElfSymbol,
  offset: number,
  provider: string,
  { arch, unsafe }: UserProbeContext,
): PlaceCheck {
  const start = symbols.fileOffset(symbol);
  if (offset === 0 || start === undefined) return {};
  const isStart =
    arch === 'arm64'
      ? offset % ARM64_INSTRUCTION_BYTES === 0
      : isInstructionStart(elf.bytesAt(start, offset + MAX_INSTRUCTION_BYTES), offset);
  if (isStart === true) return {};
  const place = `${path}:${symbol.name}+${offset}`;
  if (unsafe) {
    const what = isStart === undefined ? 'Unchecked' : 'Unsafe';
    const where = isStart === undefined ? '' : ' in the middle of the instruction';
    return { warnings: { warnings: [`${what} ${provider}${where}: ${place}`] } };
  }
  return {
    refusal: unattachable(
      isStart === undefined
        ? `Failed to check if ${provider} is in proper place: ${place}${USE_UNSAFE}`
        : `Could not add ${provider} into middle of instruction: ${place}${USE_UNSAFE}`,
    ),
  };
}

const ARM64_INSTRUCTION_BYTES = 4;
const MAX_INSTRUCTION_BYTES = 15;

function findFunctions(
  point: UserFunction,
  file: UserFile,
  { query }: UserProbeContext,
): ProbeExpansion {
  const { symbols } = file;
  const matches = point.language === 'cpp' ? cppMatcher(point.symbol) : matcher(point.symbol);
  const probes: FunctionProbe[] = [];
  const taken = new Set<number>();
  for (const symbol of symbols.functions) {
    if (!matches(symbol.name)) continue;
    const start = symbols.fileOffset(symbol);
    if (start === undefined || taken.has(start)) continue;
    taken.add(start);
    const probe = uprobeAt(file, symbol.name, start + point.offset);
    probes.push({ probe, address: symbol.address });
  }
  if (probes.length === 0 && !point.symbol.includes('*')) return { kind: 'missing', near: [] };
  return { kind: 'found', probes: withDebugTypes(probes, file, query) };
}

function uprobeAt(file: UserFile, symbol: string, fileOffset: number): FunctionProbe['probe'] {
  const { path, mappedPath, mappedOffset } = file;
  const mapped = path === mappedPath ? {} : { mappedPath };
  return { kind: 'uprobe', path, symbol, fileOffset: fileOffset + mappedOffset, ...mapped };
}

/** Nobody but the symbols can tell whether an instruction is at an address. */
function findAddress(
  { provider }: UserFunction,
  address: number,
  file: UserFile,
  context: UserProbeContext,
): ProbeExpansion {
  const symbol = file.symbols.findByAddress(address);
  if (symbol === undefined && !context.unsafe) {
    return unattachable(`Could not resolve address: ${file.path}:0x${address.toString(16)}`);
  }
  if (symbol !== undefined && provider === 'uretprobe' && symbol.address !== address) {
    const place = `${symbol.name}+${address - symbol.address}`;
    return unattachable(
      `uretprobes cannot be attached at function offset. (address resolved to: ${place})`,
    );
  }
  const offset = address - (symbol?.address ?? address);
  const place = symbol === undefined ? {} : checkPlace(file, symbol, offset, provider, context);
  if (place.refusal !== undefined) return place.refusal;
  return { ...atAddress(address, file, context, 'address is not in'), ...place.warnings };
}

function findSourceLine(
  line: NonNullable<UserFunction['source']>,
  file: UserFile,
  context: UserProbeContext,
): ProbeExpansion {
  const { debugInfo, path } = file;
  if (debugInfo === undefined) {
    return refused(
      `No DWARF debug info found for '${path}', cannot attach by source code location.`,
    );
  }
  const found = debugInfo.lineAddress(line);
  if ('reason' in found) return refused(`DWARF error: ${found.reason}`);
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
  if (fileOffset === undefined) return refused(`${otherwise} ${path}`);
  const probe = uprobeAt(file, '', fileOffset);
  return { kind: 'found', probes: withDebugTypes([{ probe, address }], file, query) };
}

export function findUsdt(point: Usdt, context: UserProbeContext): ProbeExpansion {
  return inBinaries(point, context, ({ path, elf, symbols }) => {
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
      const names = all.map((probe) => probe.name);
      return { kind: 'missing', near: nearNames(point.name, names) };
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

/** Gathers what is found in each file; what is wrong with one of many does not matter. */
function inBinaries(
  point: UserFunction | Usdt,
  context: UserProbeContext,
  search: (file: UserFile) => ProbeExpansion,
): ProbeExpansion {
  const { path: written, provider } = point;
  const { paths, warning } = findBinaries(provider, written, context);
  const warnings = warning === undefined ? {} : { warnings: [warning] };
  const [only, ...more] = paths;
  if (only === undefined) {
    if (written.includes('*')) return { kind: 'missing', near: [] };
    const kind = provider === 'usdt' ? 'usdt' : 'uprobe';
    return refused(`${kind} target file '${written}' does not exist or is not executable`);
  }
  if (more.length === 0 && !written.includes('*')) {
    return { ...searchFile(only, point, context, search), ...warnings };
  }
  const probes: ResolvedProbe[] = [];
  for (const path of paths) {
    const found = searchFile(path, point, context, search);
    if (found.kind === 'found') probes.push(...found.probes);
  }
  return probes.length === 0 ? { kind: 'missing', near: [] } : { kind: 'found', probes };
}

function searchFile(
  path: string,
  point: UserFunction | Usdt,
  context: UserProbeContext,
  search: (file: UserFile) => ProbeExpansion,
): ProbeExpansion {
  try {
    const file = new UserFile(path, context.debug);
    return withVariables(search(file), file, context.variables);
  } catch (error) {
    if (!(error instanceof ElfError || error instanceof DwarfError)) throw error;
    // Code in no format that is known, such as what a compiler makes at run time.
    if (context.unsafe && 'address' in point && point.address !== undefined) {
      const fileOffset = Number(point.address);
      return { kind: 'found', probes: [{ kind: 'uprobe', path, symbol: '', fileOffset }] };
    }
    return refused(`${path}: ${error.message}`);
  }
}

function unattachable(message: string): ProbeExpansion {
  return { kind: 'unattachable', message };
}

function refused(message: string): ProbeExpansion {
  return { kind: 'refused', message };
}

function location(probe: UsdtProbe, elf: Elf, symbols: SymbolTable): UsdtLocation {
  return {
    fileOffset: probe.fileOffset,
    semaphoreOffset: probe.semaphoreOffset ?? 0,
    args: usdtArguments(probe, architectureOf(elf), symbols),
  };
}

function architectureOf(elf: Elf): ElfArchitecture {
  if (elf.architecture === undefined) throw new ElfError('elf: neither x86_64 nor arm64');
  return elf.architecture;
}
