/** The builtin variables by name: one record each, with how its value is computed or written. */
import type { Identifier } from '../syntax/ast.ts';
import { argumentIndex } from '../builtins/variables.ts';
import type { Type } from '../types/type.ts';
import { refuse } from './codegen-fault.ts';
import type { Address, Operand } from './ir.ts';
import { readBootClock } from './lower-clock.ts';
import { argsPlace, readArgument, readReturnValue, readUserMode } from './lower-context.ts';
import { lowerFunctionAddress, lowerSymbolInto } from './lower-symbol.ts';
import { lowerProbeNameInto } from './lower-probe-name.ts';
import { lowerProcess } from './lower-process.ts';
import { lowerUserArgumentsInto, userArguments } from './lower-user-arguments.ts';
import { lowerStackId, lowerUserStackInto } from './lower-stack.ts';
import { lowerCommInto } from './lower-string.ts';
import { materialise } from './materialise.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { pointing } from './memory.ts';
import { isScalar } from './type-traits.ts';
import { scalar, type Value } from './value.ts';

interface BuiltinLowering {
  readonly scalar?: (l: Lowering, name: Identifier) => Operand;
  /** Of values that do not fit a register. */
  readonly into?: (l: Lowering, to: Address, type: Type, name: Identifier) => void;
}

const builtins: Readonly<Record<string, BuiltinLowering>> = {
  pid: { scalar: (l) => lowerProcess(l, 'pid', false) },
  tid: { scalar: (l) => lowerProcess(l, 'tid', false) },
  uid: { scalar: (l) => l.b.low32(l.b.call('get_current_uid_gid')) },
  gid: { scalar: (l) => l.b.arithmetic('rsh', l.b.call('get_current_uid_gid'), 32n) },
  username: { scalar: (l) => l.b.low32(l.b.call('get_current_uid_gid')) },
  comm: { into: lowerCommInto },
  cpu: { scalar: (l) => l.b.low32(l.b.call('get_smp_processor_id')) },
  numaid: { scalar: (l) => l.b.low32(l.b.call('get_numa_node_id')) },
  nsecs: { scalar: readBootClock },
  elapsed: { scalar: lowerElapsed },
  jiffies: { scalar: (l) => l.b.call('jiffies64') },
  rand: { scalar: (l) => l.b.low32(l.b.call('get_prandom_u32')) },
  cgroup: { scalar: (l) => l.b.call('get_current_cgroup_id') },
  __container: { scalar: lowerContainer },
  __pod: { scalar: lowerContainer },
  __namespace: { scalar: lowerContainer },
  ctx: { scalar: (l) => l.b.copy(l.b.context) },
  curtask: { scalar: (l) => l.b.call('get_current_task') },
  usermode: { scalar: readUserMode },
  ncpus: { scalar: (l) => BigInt(l.program.target.possibleCpus) },
  cpid: { scalar: (l) => BigInt(l.program.target.childPid ?? 0) },
  retval: { scalar: (l, name) => readReturnValue(l, typeOf(l, name)) },
  probe: { into: lowerProbeNameInto },
  func: { scalar: lowerFunctionAddress, into: lowerFunctionInto },
  kstack: { scalar: lowerStack },
  ustack: { into: lowerStackInto },
  dw_ustack: { into: lowerStackInto },
};

function builtinOf(name: Identifier): BuiltinLowering | undefined {
  return builtins[name.name.replace(/^__builtin_/, '')];
}

export function lowerBuiltin(l: Lowering, name: Identifier): Value {
  if (name.name === 'args' && userArguments(l) === undefined) {
    return { kind: 'remote', place: argsPlace(l) };
  }
  const index = argumentIndex(name.name);
  if (index !== undefined) return scalar(readArgument(l, index, name.span));
  if (!isScalar(typeOf(l, name))) return materialise(l, name);
  const lower = builtinOf(name)?.scalar;
  return lower === undefined ? refuse(name.span, name.name) : scalar(lower(l, name));
}

/** False if the builtin is one that is computed in a register. */
export function lowerBuiltinInto(l: Lowering, name: Identifier, to: Address, type: Type): boolean {
  if (name.name === 'args') return lowerUserArgumentsInto(l, name, to);
  if (isScalar(typeOf(l, name))) return false;
  const lower = builtinOf(name)?.into;
  if (lower === undefined) return refuse(name.span, name.name);
  lower(l, to, type, name);
  return true;
}

function lowerElapsed(l: Lowering): Operand {
  l.session.needStarted();
  const started = l.b.load(8, pointing(l.b.mapValue(l.session.startedMap)));
  return l.b.arithmetic('sub', l.b.call('ktime_get_boot_ns'), started);
}

function lowerFunctionInto(l: Lowering, to: Address): void {
  lowerSymbolInto(l, lowerFunctionAddress(l), to);
}

/** By its control group, whose name the host tells. */
function lowerContainer(l: Lowering): Operand {
  l.session.needContainers();
  return l.b.call('get_current_cgroup_id');
}

function lowerStack(l: Lowering, name: Identifier): Operand {
  const type = typeOf(l, name);
  return type.kind === 'kstack' ? lowerStackId(l, type, name.span) : refuse(name.span, name.name);
}

function lowerStackInto(l: Lowering, to: Address, _type: Type, name: Identifier): void {
  const type = typeOf(l, name);
  if (type.kind === 'ustack') lowerUserStackInto(l, type, to, name.span, name.name);
}
