/** Functions of addresses and byte order: `ntop`, `pton`, `macaddr`, `bswap`, `socket_cookie`, `skboutput`. */
import { possibleTypes } from '../analysis/kernel-program-type.ts';
import { parseAddress } from '../names/network-address.ts';
import { sizeOfType } from '../types/layout.ts';
import { printKind, printType } from '../types/print-type.ts';
import { integer, UINT32, UINT64, UINT8 } from '../types/scalars.ts';
import type { Type } from '../types/type.ts';
import type { CallKind, TypedCall } from './call-kind.ts';
import { mayBeGiven } from './given-pointer.ts';

const MAC_BYTES = 6;

export const networkCalls: readonly CallKind[] = [
  { name: 'ntop', arity: [1, 2], type: () => ({ kind: 'inet' }), check: checkNtop },
  {
    name: 'pton',
    arity: [1, 1],
    type: (call) => ({
      kind: 'array',
      element: UINT8,
      length: parseAddress(call.text(0) ?? '')?.length ?? 4,
      space: 'kernel',
    }),
    check: checkPton,
  },
  { name: 'macaddr', arity: [1, 1], type: () => ({ kind: 'mac' }), check: checkMac },
  {
    name: 'bswap',
    arity: [1, 1],
    type: (call) => {
      const type = call.typeOf(0);
      return type?.kind === 'integer' ? integer(type.size, false) : UINT64;
    },
    check: (call) => {
      const type = call.typeOf(0);
      if (type === undefined || type.kind === 'integer') return [];
      return [`bswap() only supports integer arguments (${printKind(type)} provided)`];
    },
  },
  {
    name: 'socket_cookie',
    arity: [1, 1],
    type: () => UINT64,
    check: checkSocketCookie,
    hostLocal: 'always',
  },
  {
    name: 'skboutput',
    arity: [4, 4],
    arguments: ['string-literal', 'any', 'integer', 'integer'],
    type: () => UINT32,
    check: checkPacket,
  },
];

/** Where the kernel knows the types of what a program is given. */
const TYPED_PROBES: ReadonlySet<string> = new Set(['fentry', 'fexit', 'iter', 'rawtracepoint']);

/** Of kernels where something else stands in for what it was attached to. */
export const NO_TYPES = 'this kernel does not tell the program the types of what it is given';

function checkProbe(call: TypedCall): readonly string[] {
  const { provider } = call.probe;
  const typed = possibleTypes(call.probe, call.target).includes('tracing');
  if (TYPED_PROBES.has(provider)) return typed ? [] : [`${call.node.callee}: ${NO_TYPES}`];
  return [`${call.node.callee} can not be used with "${provider}" probes`];
}

/** The kernel's verifier would refuse the program. */
function checkGiven(call: TypedCall, index: number): readonly string[] {
  if (mayBeGiven(call.arguments[index])) return [];
  return [
    `${call.node.callee}() takes a pointer as the probe was given it, not one read from memory`,
  ];
}

function checkPacket(call: TypedCall): readonly string[] {
  const unavailable = checkProbe(call);
  if (unavailable.length > 0) return unavailable;
  const type = call.typeOf(1);
  if (type === undefined) return [];
  if (type.kind === 'pointer') return checkGiven(call, 1);
  return [`skboutput() only supports pointer arguments (${printKind(type)} provided)`];
}

function checkNtop(call: TypedCall): readonly string[] {
  const type = call.typeOf(call.arguments.length - 1);
  if (type === undefined || type.kind === 'integer') return [];
  if (type.kind !== 'array' && type.kind !== 'string') {
    return [`ntop() expects an integer or array argument, got ${printKind(type)}`];
  }
  const size = sizeOfType(type);
  return size === 4 || size === 16 ? [] : ['ntop() argument must be 4 or 16 bytes in size'];
}

function checkPton(call: TypedCall): readonly string[] {
  const text = call.text(0);
  if (text === undefined) return ['pton() expects an string literal at the first argument'];
  if (!/[.:]/.test(text)) {
    return [`pton() expects an string argument of an IPv4/IPv6 address, got ${text}`];
  }
  if (parseAddress(text) !== undefined) return [];
  return [`pton() expects a valid IPv4/IPv6 address, got ${text}`];
}

function checkMac(call: TypedCall): readonly string[] {
  const type = call.typeOf(0);
  if (call.text(0) !== undefined) return ['macaddr() does not support literal string arguments'];
  if (type === undefined || type.kind === 'integer' || type.kind === 'pointer') return [];
  if (!isBytes(type)) {
    return [`macaddr() only supports array or pointer arguments (${printKind(type)} provided)`];
  }
  if (sizeOfType(type) >= MAC_BYTES) return [];
  return ['macaddr() argument must be at least 6 bytes in size'];
}

function isBytes(type: Type): boolean {
  return type.kind === 'array' || type.kind === 'string' || type.kind === 'buffer';
}

function checkSocketCookie(call: TypedCall): readonly string[] {
  const unavailable = checkProbe(call);
  if (unavailable.length > 0) return unavailable;
  const type = call.typeOf(0);
  if (type === undefined) return [];
  const pointee =
    type.kind === 'pointer' && type.target.kind === 'struct' ? type.target : undefined;
  if (pointee?.struct.name === 'struct sock') return checkGiven(call, 0);
  const given = pointee === undefined ? printKind(type) : `'${printType(pointee)} *'`;
  return [`socket_cookie() only supports 'struct sock *' as the argument (${given} provided)`];
}
