/** The functions by name: one record each, with how its value is computed or written. */
import type { Call } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import { bareWord } from './bare-word.ts';
import { refuse } from './codegen-fault.ts';

import type { Address, Operand } from './ir.ts';
import { lowerAction } from './lower-action.ts';
import { readRegister } from './lower-context.ts';
import { lowerClock } from './lower-clock.ts';
import { deleteElement } from './lower-delete.ts';
import { lowerDebug } from './lower-debug.ts';
import {
  lowerAddressInto,
  lowerInetInto,
  lowerMacInto,
  lowerSocketCookie,
  lowerSwap,
} from './lower-network.ts';
import { lowerErrorNameInto, lowerSignalNameInto, lowerSyscallNameInto } from './lower-names.ts';
import { lowerCgroupPathInto, lowerPathInto } from './lower-path.ts';
import { lowerOverride, lowerSignal, lowerWriteUser } from './lower-system.ts';
import {
  lowerConcatInto,
  lowerStrcap,
  lowerStrcontains,
  lowerStrlen,
  lowerStrstr,
} from './lower-text-search.ts';
import { lowerFind } from './lower-find.ts';
import { callFunction } from './lower-function.ts';
import { lowerLength } from './lower-length.ts';
import { hasElement } from './lower-map.ts';
import { lowerPacket } from './lower-packet.ts';
import { lowerPerCpuAddress } from './lower-per-cpu.ts';
import { lowerProcess } from './lower-process.ts';
import { lowerStackId, lowerUserStackInto } from './lower-stack.ts';
import { lowerStrncmp } from './lower-strncmp.ts';
import { argument, lowerBufInto, lowerStrInto } from './lower-string.ts';
import { lowerSymbolInto } from './lower-symbol.ts';
import { lowerTaskCommInto } from './lower-task-comm.ts';
import { lowerUserAddress } from './lower-user-address.ts';
import { materialise } from './materialise.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { isScalar } from './type-traits.ts';
import { scalar, type Value } from './value.ts';

interface CallLowering {
  readonly scalar?: (l: Lowering, call: Call) => Operand;
  /** Of values that do not fit a register. */
  readonly into?: (l: Lowering, call: Call, to: Address, type: Type) => void;
}

const calls: Readonly<Record<string, CallLowering>> = {
  str: { into: lowerStrInto },
  buf: { into: lowerBufInto },
  ksym: { scalar: (l, call) => l.scalar(argument(call, 0)) },
  usym: {
    into: (l, call, to) => {
      lowerSymbolInto(l, l.scalar(argument(call, 0)), to);
    },
  },
  kstack: { scalar: lowerKernelStack },
  ustack: { into: lowerUserStack },
  dw_ustack: { into: lowerUserStack },
  ntop: { into: lowerInetInto },
  strftime: { scalar: (l, call) => l.scalar(argument(call, 1)) },
  strncmp: { scalar: lowerStrncmp },
  nsecs: { scalar: lowerClock },
  pid: { scalar: (l, call) => lowerProcess(l, 'pid', bareWord(call) === 'init') },
  tid: { scalar: (l, call) => lowerProcess(l, 'tid', bareWord(call) === 'init') },
  reg: { scalar: lowerRegister },
  delete: { scalar: deleteElement },
  has_key: { scalar: lowerHasKey },
  find: { scalar: lowerFind },
  len: { scalar: lowerLength },
  signal: { scalar: (l, call) => lowerSignal(l, call, 'send_signal') },
  signal_thread: { scalar: (l, call) => lowerSignal(l, call, 'send_signal_thread') },
  override: { scalar: lowerOverride },
  write_user: { scalar: lowerWriteUser },
  unwatch: { scalar: () => 0n },
  debugf: { scalar: lowerDebug },
  strlen: { scalar: lowerStrlen },
  strcap: { scalar: lowerStrcap },
  strstr: { scalar: lowerStrstr },
  strcontains: { scalar: lowerStrcontains },
  str_concat: { into: lowerConcatInto },
  strerror: { into: lowerErrorNameInto },
  signal_name: { into: lowerSignalNameInto },
  syscall_name: { into: lowerSyscallNameInto },
  pton: { into: lowerAddressInto },
  macaddr: { into: lowerMacInto },
  bswap: { scalar: lowerSwap },
  socket_cookie: { scalar: lowerSocketCookie },
  skboutput: { scalar: lowerPacket },
  kptr: { scalar: (l, call) => l.scalar(argument(call, 0)) },
  uptr: { scalar: (l, call) => l.scalar(argument(call, 0)) },
  percpu_kaddr: { scalar: lowerPerCpuAddress },
  uaddr: { scalar: lowerUserAddress },
  task_comm: { into: lowerTaskCommInto },
  path: { into: lowerPathInto },
  cgroup_path: { into: lowerCgroupPathInto },
};

export function lowerCall(l: Lowering, call: Call): Value {
  const result = callFunction(l, call);
  if (result !== undefined) return result;
  if (lowerAction(l, call)) return { kind: 'nothing' };
  const lowering = calls[call.callee];
  if (lowering?.scalar !== undefined) return scalar(lowering.scalar(l, call));
  if (lowering?.into !== undefined) return materialise(l, call);
  return refuse(call.span, `${call.callee}()`);
}

/** False if the function's value is one that is computed in a register. */
export function lowerCallInto(l: Lowering, call: Call, to: Address, type: Type): boolean {
  const into = calls[call.callee]?.into;
  if (into === undefined || isScalar(typeOf(l, call))) return false;
  into(l, call, to, type);
  return true;
}

function lowerKernelStack(l: Lowering, call: Call): Operand {
  const type = typeOf(l, call);
  return type.kind === 'kstack'
    ? lowerStackId(l, type, call.span)
    : refuse(call.span, 'this stack');
}

function lowerUserStack(l: Lowering, call: Call, to: Address): void {
  const type = typeOf(l, call);
  if (type.kind === 'ustack') lowerUserStackInto(l, type, to, call.span, call.callee);
}

function lowerRegister(l: Lowering, call: Call): Operand {
  const name = argument(call, 0);
  return name.kind === 'string' ? readRegister(l, name.value) : refuse(call.span, 'this register');
}

function lowerHasKey(l: Lowering, call: Call): Operand {
  const element = argument(call, 0);
  if (element.kind !== 'map') return refuse(call.span, 'has_key() of this');
  const value = hasElement(l, element);
  return value.kind === 'scalar' ? value.operand : 0n;
}
