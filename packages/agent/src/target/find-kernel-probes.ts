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
  const probes: ResolvedProbe[] = [];
  for (const name of names) {
    const format = tracefs.format(name.category, name.event);
    if (format === undefined) continue;
    probes.push({ kind: 'tracepoint', ...name, ...format });
  }
  if (probes.length > 0) return { kind: 'found', probes };
  const all = tracefs.events().map((one) => `${one.category}:${one.event}`);
  return { kind: 'missing', near: nearNames(`${point.category}:${point.event}`, all) };
}

export function findRawTracepoints(point: RawTracepointPoint, machine: Machine): ProbeExpansion {
  const { btf } = machine;
  if (btf === undefined) {
    return { kind: 'missing', near: [], reason: 'this kernel has no BTF (CONFIG_DEBUG_INFO_BTF)' };
  }
  const matches = matcher(point.event);
  const names = rawTracepointNames(machine, btf);
  const probes = names
    .filter(matches)
    .map((event): ResolvedProbe => ({ kind: 'rawtracepoint', event, ...rawArguments(btf, event) }));
  if (probes.length > 0) return { kind: 'found', probes };
  return { kind: 'missing', near: nearNames(point.event, names) };
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
export function rawTracepointNames(machine: Machine, btf: Btf): readonly string[] {
  const events = new Set(machine.tracefs.events().map((one) => one.event));
  for (const event of ['sys_enter', 'sys_exit']) events.add(event);
  return [...events].filter(
    (event) => btf.findByName(`btf_trace_${event}`, 'typedef') !== undefined,
  );
}

export function findKernelFunctions(point: KernelFunctionPoint, machine: Machine): ProbeExpansion {
  const { btf } = machine;
  const needsBtf = point.provider === 'fentry' || point.provider === 'fexit';
  if (needsBtf && btf === undefined) {
    return { kind: 'missing', near: [], reason: 'this kernel has no BTF (CONFIG_DEBUG_INFO_BTF)' };
  }
  const matches = matcher(point.function);
  const known = machine.traceableFunctions;
  const names = [...known].filter(matches);
  const probes: ResolvedProbe[] = [];
  for (const name of names) {
    const found = btf === undefined ? undefined : functionArgs(btf, name);
    const signature = btf === undefined || found === undefined ? undefined : describe(btf, found);
    const common = {
      function: name,
      ...(point.module === undefined ? {} : { module: point.module }),
    };
    if (!needsBtf) {
      probes.push({ kind: 'kprobe', ...common, ...(signature === undefined ? {} : { signature }) });
    } else if (signature !== undefined) {
      probes.push({ kind: 'fentry', ...common, signature });
    }
  }
  if (probes.length > 0) return { kind: 'found', probes };
  return { kind: 'missing', near: nearNames(point.function, known) };
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
