/** tracepoint, rawtracepoint, kprobe and fentry attach points: what this kernel has by these names. */
import type { Btf, FunctionSignature as BtfSignature } from '@bpfleet/bpf/btf';
import { cTypeName, functionArgs, resolve, sizeOf } from '@bpfleet/bpf/btf';
import type {
  FunctionArgument,
  FunctionSignature,
  KernelFunctionPoint,
  ParsedAttachPoint,
  ProbeExpansion,
  ResolvedProbe,
} from '@bpfleet/lang';
import { isModuleLoaded, loadedModules, type KernelFunction } from './kernel-functions.ts';
import type { Machine } from './machine.ts';
import { nearNames } from './near-names.ts';
import { matcher } from './wildcard.ts';

type TracepointPoint = Extract<ParsedAttachPoint, { kind: 'tracepoint' }>;
type RawTracepointPoint = Extract<ParsedAttachPoint, { kind: 'rawtracepoint' }>;

export function findTracepoints(point: TracepointPoint, machine: Machine): ProbeExpansion {
  const { tracefs } = machine;
  const category = matcher(point.category);
  const event = matcher(point.event);
  const names = point.wildcard
    ? tracefs.events().filter((one) => category(one.category) && event(one.event))
    : [{ category: point.category, event: point.event }];
  const isRaw = rawTracepointFilter(machine);
  const probes: ResolvedProbe[] = [];
  for (const name of names) {
    const format = tracefs.format(name.category, name.event);
    if (format === undefined) continue;
    const raw = point.wildcard && isRaw(name.event) ? ({ raw: true } as const) : {};
    probes.push({ kind: 'tracepoint', ...name, ...format, ...raw });
  }
  if (probes.length > 0) return { kind: 'found', probes };
  const all = tracefs.events().map((one) => `${one.category}:${one.event}`);
  return { kind: 'missing', near: nearNames(`${point.category}:${point.event}`, all) };
}

/** Modules are looked at only for what the kernel proper does not have. */
function rawTracepointFilter(machine: Machine): (event: string) => boolean {
  let inModules: ReadonlySet<string> | undefined;
  return (event) => {
    if (machine.btf?.findByName(`${TRACEPOINT_TYPE}${event}`, 'typedef') !== undefined) return true;
    inModules ??= new Set(rawTracepoints(machine, '*').map((one) => one.event));
    return inModules.has(event);
  };
}

export function findRawTracepoints(point: RawTracepointPoint, machine: Machine): ProbeExpansion {
  const { btf } = machine;
  if (btf === undefined) {
    return {
      kind: 'refused',
      message: "rawtracepoints require kernel BTF. Try using a 'tracepoint' instead.",
    };
  }
  const names = rawTracepoints(machine, point.module ?? '*');
  const matches = matcher(point.event);
  const probes = names
    .filter(({ event }) => matches(event))
    .map(({ event, module }): ResolvedProbe => ({
      kind: 'rawtracepoint',
      event,
      module,
      ...rawArguments(machine.moduleBtf(module) ?? btf, event),
    }));
  if (probes.length > 0) return { kind: 'found', probes };
  const near = nearNames(
    point.event,
    names.map(({ event }) => event),
  );
  return { kind: 'missing', near };
}

export interface RawTracepoint {
  readonly event: string;
  readonly module: string;
}

/** The functions that the kernel makes for each tracepoint take its arguments by name, after one of their own. */
const RAW_TRACEPOINT_FUNCTIONS = ['__probestub_', '__traceiter_'];

function rawArguments(btf: Btf, event: string): { readonly args?: readonly FunctionArgument[] } {
  for (const prefix of RAW_TRACEPOINT_FUNCTIONS) {
    const found = functionArgs(btf, `${prefix}${event}`);
    if (found !== undefined) {
      return { args: found.params.slice(1).map((param) => argument(btf, param.name, param.type)) };
    }
  }
  return {};
}

/** The kernel describes the arguments of tracepoint `x` by a typedef `btf_trace_x`. */
export function rawTracepoints(machine: Machine, modulePattern: string): readonly RawTracepoint[] {
  const inModule = matcher(modulePattern);
  const modules = ['vmlinux', ...loadedModules()].filter(inModule);
  return modules.flatMap((module) => {
    const btf = machine.moduleBtf(module);
    if (btf === undefined) return [];
    return [...btf.namesOf('typedef')]
      .filter(([, name]) => name.startsWith(TRACEPOINT_TYPE))
      .map(([, name]) => ({ event: name.slice(TRACEPOINT_TYPE.length), module }));
  });
}

const TRACEPOINT_TYPE = 'btf_trace_';

export function findKernelFunctions(point: KernelFunctionPoint, machine: Machine): ProbeExpansion {
  return point.provider === 'kprobe' || point.provider === 'kretprobe'
    ? findKprobes(point, machine)
    : findFentries(point, machine);
}

function findKprobes(point: KernelFunctionPoint, machine: Machine): ProbeExpansion {
  const { function: name, module } = point;
  if (point.address !== undefined) {
    return { kind: 'found', probes: [{ kind: 'kprobe', function: '' }] };
  }
  const { functions } = machine;
  const doubtful = !point.wildcard && !functions.has(name);
  const warnings = doubtful ? [`${name} is not traceable ${NOT_TRACEABLE}`] : [];
  if (module !== undefined && !module.includes('*') && !isModuleLoaded(module)) {
    const written = `${point.provider}:${module}:${name}`;
    return {
      kind: 'refused',
      message: `specified module ${module} in probe ${written} is not loaded.`,
    };
  }
  const probes: ResolvedProbe[] = [];
  const taken = new Set<string>();
  for (const found of functions.matching(name, module ?? '*')) {
    // Without a module the kernel looks for the name by itself.
    const key = module === undefined ? found.name : `${found.module}:${found.name}`;
    if (taken.has(key)) continue;
    taken.add(key);
    // What stands in for a kprobe needs its types; a kernel with kprobes does not.
    const signature = machine.features.kprobe ? undefined : signatureOf(machine, found);
    probes.push({
      kind: 'kprobe',
      function: found.name,
      ...(module === undefined ? {} : { module: found.module }),
      ...(signature === undefined ? {} : { signature }),
    });
  }
  if (probes.length > 0) return { kind: 'found', probes };
  return { kind: 'missing', near: nearNames(name, functions.names), warnings };
}

const NOT_TRACEABLE =
  '(either non-existing, inlined, or marked as "notrace"); attaching to it will likely fail';

function findFentries(point: KernelFunctionPoint, machine: Machine): ProbeExpansion {
  const { functions } = machine;
  if (machine.btf === undefined) {
    return { kind: 'refused', message: 'this kernel has no BTF (CONFIG_DEBUG_INFO_BTF)' };
  }
  const probes: ResolvedProbe[] = [];
  for (const found of functions.matching(point.function, point.module ?? '*')) {
    const signature = signatureOf(machine, found);
    if (signature === undefined) continue;
    probes.push({ kind: 'fentry', function: found.name, module: found.module, signature });
  }
  if (probes.length > 1 && !point.wildcard) {
    return {
      kind: 'refused',
      message: `ambiguous attach point, please specify module containing the function '${point.function}'`,
    };
  }
  if (probes.length > 0) return { kind: 'found', probes };
  return { kind: 'missing', near: nearNames(point.function, functions.names) };
}

/** What BTF knows of a function; modules have their own. */
function signatureOf(
  machine: Machine,
  { name, module }: KernelFunction,
): FunctionSignature | undefined {
  const btf = machine.moduleBtf(module);
  const found = btf === undefined ? undefined : functionArgs(btf, name);
  return btf === undefined || found === undefined ? undefined : describe(btf, found);
}

function describe(btf: Btf, signature: BtfSignature): FunctionSignature {
  return {
    args: signature.params.map((param) => argument(btf, param.name, param.type)),
    ...(signature.returnType === 0
      ? {}
      : { returns: argument(btf, 'retval', signature.returnType) }),
  };
}

function argument(btf: Btf, name: string, id: number): FunctionArgument {
  const type = resolve(btf, id);
  return {
    name,
    cType: cTypeName(btf, id),
    size: sizeOf(btf, id),
    signed: (type.kind === 'int' || type.kind === 'enum') && type.signed,
    pointer: type.kind === 'ptr',
  };
}
