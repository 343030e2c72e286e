/** Reads from this machine what a program refers to, and nothing else. */
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { kfuncPrograms } from '@bpfleet/bpf';
import type { ProgramType } from '@bpfleet/bpf/asm';
import type { ProbeExpansion, Target, TargetBtf, TargetHost, TargetQuery } from '@bpfleet/lang';
import type { ParsedAttachPoint } from '@bpfleet/lang';
import type { DebugSettings } from '../debug/user-file.ts';
import { findBpfPrograms } from './find-bpf-programs.ts';
import { findIterator } from './iterators.ts';
import { findKernelFunctions, findRawTracepoints, findTracepoints } from './find-kernel-probes.ts';
import { findUserFunctions, findUsdt, type UserProbeContext } from './find-user-probes.ts';
import type { Machine } from './machine.ts';
import { systemCallFacts } from './system-call-facts.ts';

export interface TracedProcess {
  /** `--unsafe` */
  readonly unsafe?: boolean;
  readonly host?: TargetHost;
  /** From -p or the child of -c. */
  readonly pid?: number;
  readonly childPid?: number;
  /** The value of `PATH`, for programs given by name. */
  readonly searchPath: string;
  /** Without it, debug information is looked for in the usual places. */
  readonly debug?: DebugSettings;
}

const USUAL_PLACES: DebugSettings = { directories: [], warn: () => undefined };

/** Throws TracefsError, and file-system errors of files that exist and cannot be read. */
export function readTarget(machine: Machine, query: TargetQuery, traced: TracedProcess): Target {
  const { host } = machine;
  const { searchPath, debug = USUAL_PLACES, unsafe = false, host: known, ...pids } = traced;
  const paths: UserProbeContext = {
    debug,
    query: query.debug,
    unsafe,
    variables: query.userSymbols,
    arch: host.arch,
    libraryCache: () => machine.readLibraryCache(),
    searchPath,
    ...(traced.pid === undefined ? {} : { pid: traced.pid }),
  };
  const probes: Record<string, ProbeExpansion> = {};
  for (const { key, point } of query.attachPoints) {
    probes[key] = expand(point, machine, paths);
  }
  const kernelSymbols: Record<string, bigint> = {};
  for (const name of query.kernelSymbols) {
    const address = machine.kallsyms.address(name);
    if (address !== undefined) kernelSymbols[name] = address;
  }
  const kernelFunctions: Record<string, readonly ProgramType[]> = {};
  for (const name of query.kernelFunctions) {
    const types =
      machine.kernelBtf === undefined
        ? undefined
        : kfuncPrograms(machine.calls, machine.kernelBtf, name);
    if (types !== undefined) kernelFunctions[name] = types;
  }
  const cgroupIds: Record<string, bigint> = {};
  for (const path of query.cgroupPaths) {
    const id = inodeOf(path);
    if (id !== undefined) cgroupIds[path] = id;
  }
  const systemCalls = systemCallFacts(machine, probes);
  const needed = query.types || (query.debug.args && Object.values(probes).some(hasNamedTypes));
  const btf = needed ? readBtf(machine, modulesOf(query, probes)) : undefined;
  return {
    host: known ?? { name: hostname(), labels: {} },
    arch: host.arch,
    kernelRelease: host.kernelRelease,
    possibleCpus: host.possibleCpus,
    onlineCpus: host.onlineCpus,
    pageSize: host.pageSize,
    features: machine.features,
    clocks: machine.clocks,
    probes,
    kernelSymbols,
    kernelFunctions,
    cgroupIds,
    ...(systemCalls === undefined ? {} : { systemCalls }),
    ...(btf === undefined ? {} : { btf }),
    ...pidNamespace(),
    ...pids,
  };
}

/** Of the initial pid namespace, whose processes need no translation: `PROC_PID_INIT_INO` of include/linux/proc_ns.h. */
const INITIAL_PID_NAMESPACE = 0xefff_fffcn;

function pidNamespace(): Pick<Target, 'pidNamespace'> {
  const found = statSync('/proc/self/ns/pid', { bigint: true, throwIfNoEntry: false });
  if (found === undefined || found.ino === INITIAL_PID_NAMESPACE) return {};
  return { pidNamespace: { dev: found.dev, ino: found.ino } };
}

function readBtf(machine: Machine, names: ReadonlySet<string>): TargetBtf | undefined {
  const vmlinux = machine.btfImage('vmlinux');
  if (vmlinux === undefined) return undefined;
  const modules: Record<string, Uint8Array> = {};
  for (const name of names) {
    const image = machine.btfImage(name);
    if (image !== undefined) modules[name] = image;
  }
  return { vmlinux, modules };
}

/** Are there enums or structs among the arguments? Pointers to them are addresses until they are followed. */
function hasNamedTypes(expansion: ProbeExpansion): boolean {
  if (expansion.kind !== 'found') return false;
  return expansion.probes.some((probe) => {
    const named = ({ cType }: { readonly cType: string }): boolean =>
      /^(const )?(enum|struct|union) [^*]*$/.test(cType);
    if (probe.kind === 'tracepoint') return probe.fields.some(named);
    return 'signature' in probe && (probe.signature?.args.some(named) ?? false);
  });
}

/** Tracepoints of a module are mostly in a category of its name. */
function modulesOf(
  { attachPoints }: TargetQuery,
  probes: Readonly<Record<string, ProbeExpansion>>,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { key } of attachPoints) {
    const expansion = probes[key];
    if (expansion?.kind !== 'found') continue;
    for (const probe of expansion.probes) {
      if (probe.kind === 'tracepoint') names.add(probe.category);
      else if ('module' in probe && probe.module !== undefined) names.add(probe.module);
    }
  }
  names.delete('vmlinux');
  return names;
}

function expand(
  point: ParsedAttachPoint,
  machine: Machine,
  paths: UserProbeContext,
): ProbeExpansion {
  switch (point.kind) {
    case 'tracepoint':
      return findTracepoints(point, machine);
    case 'rawtracepoint':
      return findRawTracepoints(point, machine);
    case 'kernel-function':
      return findKernelFunctions(point, machine);
    case 'bpf-program':
      return findBpfPrograms(point, machine);
    case 'iter':
      return findIterator(point, machine);
    case 'user-function':
      return findUserFunctions(point, paths);
    case 'usdt':
      return findUsdt(point, paths);
    case 'special':
    case 'signal':
    case 'trial':
    case 'timer':
    case 'event':
    case 'watchpoint':
      return { kind: 'found', probes: [{ kind: 'builtin' }] };
  }
}

/** Undefined for what is not there, and for what no file can be called. */
function inodeOf(path: string): bigint | undefined {
  try {
    return statSync(path, { bigint: true }).ino;
  } catch {
    return undefined;
  }
}
