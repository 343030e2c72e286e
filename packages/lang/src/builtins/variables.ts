/** The builtin variables: a record each. Those with arguments, such as `nsecs(boot)`, are calls as well. */
import { encodeText, type StackMode } from '@bpfleet/protocol';
import { argsType, signatureOf } from './arguments-type.ts';
import type { BuiltinScope } from './builtin-scope.ts';
import type { Config } from '../analysis/config.ts';
import type { ProbeDraft, Refusal } from '../probes/probe-kind.ts';
import { probeKindOf } from '../probes/registry.ts';
import type { Target } from '../target.ts';
import { contextType } from './context-type.ts';
import { argumentType } from '../types/from-c.ts';
import { pointer, string, UINT32, UINT64, UINT8 } from '../types/scalars.ts';
import type { Struct, Type } from '../types/type.ts';

export interface BuiltinVariable {
  readonly name: string;
  readonly type: (scope: BuiltinScope) => Type | Refusal;
  /** Its values mean something on one host only. */
  readonly hostLocal?: true;
}

const COMM_BYTES = 16;
/** Frames of a stack unless the program says otherwise. */
export const DEFAULT_STACK_LIMIT = 127;

function plain(name: string, type: Type): BuiltinVariable {
  return { name, type: () => type };
}

function hostLocal(name: string, type: Type): BuiltinVariable {
  return { name, type: () => type, hostLocal: true };
}

function curtaskType({ types }: BuiltinScope): Type {
  const task = types.named('struct task_struct', 'kernel');
  return pointer(task ?? { kind: 'struct', struct: UNKNOWN_TASK, space: 'kernel' }, 'kernel');
}

const UNKNOWN_TASK: Struct = { name: 'struct task_struct', size: 0, fields: [] };

const VARIABLES: readonly BuiltinVariable[] = [
  hostLocal('pid', UINT32),
  hostLocal('tid', UINT32),
  plain('uid', UINT64),
  plain('gid', UINT64),
  plain('comm', string(COMM_BYTES)),
  { name: 'probe', type: probeType },
  hostLocal('cpu', UINT64),
  hostLocal('nsecs', UINT64),
  hostLocal('elapsed', UINT64),
  hostLocal('jiffies', UINT64),
  hostLocal('numaid', UINT32),
  plain('rand', UINT32),
  hostLocal('cgroup', UINT64),
  plain('username', { kind: 'username' }),
  plain('__container', { kind: 'container' }),
  plain('__pod', { kind: 'pod' }),
  plain('__namespace', { kind: 'namespace' }),
  { name: 'kstack', type: ({ config }) => stack('kstack', config) },
  { name: 'ustack', type: ({ config }) => stack('ustack', config) },
  {
    name: 'dw_ustack',
    type: ({ config, target }) => refuseUnwinding(target) ?? stack('ustack', config),
  },
  { name: 'func', type: funcType },
  { name: 'retval', type: retvalType },
  { name: 'args', type: argsType },
  { name: 'usermode', type: usermodeType },
  { name: 'curtask', type: curtaskType, hostLocal: true },
  { name: 'ctx', type: contextType, hostLocal: true },
];

/** Folded to literals before types are inferred, because their values are known. */
export const CONSTANT_VARIABLES: readonly string[] = [
  ...['probetype', 'ncpus', 'cpid', 'config', '__host'],
];

/** Names of bpftrace that are refused for now. */
export const UNSUPPORTED_VARIABLES: ReadonlySet<string> = new Set();

const byName = new Map(VARIABLES.map((variable) => [variable.name, variable]));

/** `__builtin_comm` is another name of `comm`. */
export function findVariable(name: string): BuiltinVariable | undefined {
  const found = byName.get(name.replace(/^__builtin_/, ''));
  if (found !== undefined) return found;
  const index = argumentIndex(name);
  if (index === undefined) return undefined;
  return { name, type: (scope) => argNType(scope, name, index) };
}

const OF_PROBES: ReadonlySet<string> = new Set([
  ...['args', 'ctx', 'func', 'probe', 'probetype', 'retval', 'usermode'],
]);

/** Whether it is about the probe that was hit, and means nothing in a function. */
export function needsProbe(name: string): boolean {
  const plain = name.replace(/^__builtin_/, '');
  return OF_PROBES.has(plain) || argumentIndex(plain) !== undefined;
}

/** N of `argN`. */
export function argumentIndex(name: string): number | undefined {
  const digits = /^arg([0-9]+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function variableNames(): readonly string[] {
  return [...byName.keys(), ...CONSTANT_VARIABLES, 'arg0'];
}

function stack(kind: 'kstack' | 'ustack', config: Config): Type {
  return { kind, mode: configuredMode(kind, config), limit: DEFAULT_STACK_LIMIT };
}

/** The kernel finds the files of user code alone, and by frame pointers. */
export function configuredMode(name: string, { stackMode }: Config): StackMode {
  return stackMode === 'build_id' && name !== 'ustack' ? 'raw' : stackMode;
}

/** A literal already, unless one program serves several. */
function probeType({ probe }: BuiltinScope): Type {
  const { name, names } = probe;
  return string(names?.sizeBytes ?? encodeText(name).length + 1);
}

/** Undefined where stacks can be unwound by debug information: the tables are those of one architecture. */
export function refuseUnwinding({ arch }: Target): Refusal | undefined {
  return arch === 'x86_64'
    ? undefined
    : { refusal: "'dw_ustack' builtin is only supported on x86_64" };
}

function usermodeType({ probe, target }: BuiltinScope): Type | Refusal {
  if (target.arch !== 'x86_64') {
    return { refusal: "'usermode' builtin is only supported on x86_64" };
  }
  if (probe.context === 'pt_regs' || probe.context === 'perf_event') return UINT8;
  // These run in the tracer itself.
  if (probe.provider === 'begin' || probe.provider === 'end') return UINT8;
  return { refusal: `The usermode builtin can not be used with '${probe.provider}' probes` };
}

function funcType({ probe, target }: BuiltinScope): Type | Refusal {
  const kind = probeKindOf(probe.provider);
  if (kind.has.func !== true) {
    return { refusal: `The func builtin can not be used with '${probe.provider}' probes` };
  }
  const atEntry = probe.provider === 'kprobe' || probe.provider === 'uprobe';
  if (!atEntry && !target.features.getFuncIp) {
    return {
      refusal:
        'BPF_FUNC_get_func_ip not available for your kernel version. ' +
        "Consider using the 'probe' builtin instead.",
    };
  }
  return { kind: kind.space === 'user' ? 'usym' : 'ksym' };
}

const RETVAL_PROBES =
  "The retval builtin can only be used with 'kretprobe' and 'uretprobe' and 'fentry' probes";

function retvalType({ probe, types }: BuiltinScope): Type | Refusal {
  if (probeKindOf(probe.provider).has.retval !== true) {
    const hint = probe.provider === 'tracepoint' ? ' (try to use args.ret instead)' : '';
    return { refusal: RETVAL_PROBES + hint };
  }
  if (probe.context !== 'tracing' && probe.provider !== 'fexit') return UINT64;
  const returns = signatureOf(probe)?.returns;
  if (returns === undefined) return { refusal: "Can't find a field retval" };
  return probe.provider === 'fexit' ? argumentType(returns, types) : UINT64;
}

/** x86 passes six arguments in registers, arm64 eight. */
const REGISTER_ARGUMENTS = { x86_64: 6, arm64: 8 } as const;

function argNType({ probe, target }: BuiltinScope, name: string, index: number): Type | Refusal {
  if (probeKindOf(probe.provider).has.argN !== true) {
    return {
      refusal: `The ${name} builtin can only be used with 'kprobes', 'uprobes' and 'usdt' probes`,
    };
  }
  const available = argumentCount(probe, target);
  if (index < available) return UINT64;
  if (probe.context === 'pt_regs' && probe.usdt === undefined) {
    return { refusal: `${target.arch} doesn't support ${name}` };
  }
  return { refusal: `${probe.name} has no ${name}: it has ${available} arguments` };
}

function argumentCount(probe: ProbeDraft, target: Target): number {
  if (probe.usdt !== undefined) return probe.usdt.args.length;
  if (probe.context === 'tracing') return signatureOf(probe)?.args.length ?? 0;
  if (probe.resolved.kind === 'rawtracepoint') return probe.resolved.args?.length ?? 12;
  return REGISTER_ARGUMENTS[target.arch];
}
