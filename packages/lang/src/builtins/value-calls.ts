/** Functions that give a value. */
import { printKind, printType } from '../types/print-type.ts';
import { BOOLEAN, string, UINT32, UINT64 } from '../types/scalars.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { CallKind, TypedCall } from './call-kind.ts';
import { archOf } from '../arch/arch-of.ts';
import { stackCalls } from './stack-calls.ts';

/** A buffer carries its length in four bytes. */
const BUFFER_HEADER_BYTES = 4;
const NSECS_MODES = ['monotonic', 'boot', 'tai', 'sw_tai'];
const NAMESPACES = ['curr_ns', 'init'];

export const valueCalls: readonly CallKind[] = [
  ...stackCalls,
  {
    name: 'str',
    arity: [1, 2],
    arguments: ['any', 'integer'],
    type: (call) => string(stringSize(call)),
    check: checkStr,
    hostLocal: 'arguments',
  },
  {
    name: 'buf',
    arity: [1, 2],
    arguments: ['any', 'integer'],
    type: (call) => ({ kind: 'buffer', size: bufferSize(call) }),
    check: checkBuf,
    hostLocal: 'arguments',
  },
  symbol('ksym'),
  symbol('usym'),
  {
    name: 'strftime',
    arity: [2, 2],
    arguments: ['string-literal', 'integer'],
    type: (call) => ({ kind: 'timestamp', clock: clockOf(call), format: call.text(0) ?? '' }),
    check: checkStrftime,
    hostLocal: 'always',
  },
  {
    name: 'reg',
    arity: [1, 1],
    arguments: ['string-literal'],
    type: () => UINT64,
    check: checkReg,
    hostLocal: 'always',
  },
  {
    name: 'nsecs',
    arity: [0, 1],
    arguments: ['word'],
    type: () => UINT64,
    check: (call) => checkWord(call, NSECS_MODES, (word) => `Invalid timestamp mode: ${word}`),
    hostLocal: 'always',
  },
  process('pid'),
  process('tid'),
  {
    name: 'delete',
    arity: [1, 1],
    arguments: ['map-element'],
    type: () => BOOLEAN,
  },
  {
    name: 'has_key',
    arity: [1, 1],
    arguments: ['map-element'],
    type: () => BOOLEAN,
  },
];

function symbol(kind: 'ksym' | 'usym'): CallKind {
  return {
    name: kind,
    arity: [1, 1],
    type: () => ({ kind }),
    check: (call) => {
      const type = call.typeOf(0);
      if (type === undefined || type.kind === 'integer' || type.kind === 'pointer') return [];
      return [`${kind}() expects an integer or pointer argument`];
    },
  };
}

function process(name: 'pid' | 'tid'): CallKind {
  return {
    name,
    arity: [0, 1],
    arguments: ['word'],
    type: () => UINT32,
    check: (call) =>
      checkWord(
        call,
        NAMESPACES,
        (word) => `Invalid PID namespace mode: ${word} (expects: curr_ns or init)`,
      ),
    hostLocal: 'always',
  };
}

function checkWord(
  call: TypedCall,
  allowed: readonly string[],
  describe: (word: string) => string,
): readonly string[] {
  const word = call.word(0);
  return word === undefined || allowed.includes(word) ? [] : [describe(word)];
}

/** A literal length counts the NUL, and one more byte is kept to tell whether the text was cut. */
function stringSize(call: TypedCall): number {
  const { maxStrlen } = call.config;
  const length = call.integer(1);
  if (length === undefined || length < 0n || length + 1n > BigInt(maxStrlen)) return maxStrlen;
  return Number(length) + 1;
}

function checkStr(call: TypedCall): readonly string[] {
  const type = call.typeOf(0);
  const faults: string[] = [];
  if (type !== undefined && !['string', 'integer', 'pointer'].includes(type.kind)) {
    faults.push(
      `str() expects a string, integer or a pointer type as first argument (${printType(type)} provided)`,
    );
  }
  return [...faults, ...checkLength(call)];
}

function checkLength(call: TypedCall): readonly string[] {
  const length = call.integer(1);
  return length !== undefined && length < 0n
    ? [`${call.node.callee} cannot use negative length (${length})`]
    : [];
}

function bufferSize(call: TypedCall): number {
  const limit = call.config.maxStrlen - BUFFER_HEADER_BYTES;
  const length = call.integer(1);
  const type = call.typeOf(0);
  const size = length === undefined ? (type === undefined ? 0 : arrayBytes(type)) : Number(length);
  return size > 0 && size < limit ? size : limit;
}

function arrayBytes(type: Type): number {
  return type.kind === 'array' ? sizeOfType(type) : 0;
}

function checkBuf(call: TypedCall): readonly string[] {
  const type = call.typeOf(0);
  if (type === undefined) return [];
  if (!['integer', 'string', 'pointer', 'array'].includes(type.kind)) {
    return [`buf() expects an integer, string, or array argument but saw ${printKind(type)}`];
  }
  if (call.arguments.length === 1 && type.kind !== 'array') {
    return [`buf() expects a length argument for non-array type ${printKind(type)}`];
  }
  return checkLength(call);
}

/** `sw_tai` of `nsecs(sw_tai)`, the time that a call of strftime is given. */
function timeMode({ arguments: [, time] }: TypedCall): string | undefined {
  if (time?.kind !== 'call' || time.callee !== 'nsecs') return undefined;
  const [mode] = time.arguments;
  return mode?.kind === 'identifier' ? mode.name : undefined;
}

/** Times of unknown origin are taken for the boot clock's. */
function clockOf(call: TypedCall): 'boot' | 'tai' {
  const mode = timeMode(call);
  return mode === 'tai' || mode === 'sw_tai' ? 'tai' : 'boot';
}

function checkStrftime(call: TypedCall): readonly string[] {
  if (timeMode(call) === 'monotonic') return ['strftime() can not take a monotonic timestamp'];
  return (call.integer(1) ?? 0n) < 0n ? ['strftime() does not accept negative timestamps'] : [];
}

function checkReg(call: TypedCall): readonly string[] {
  const name = call.text(0);
  const { arch } = call.target;
  if (name !== undefined && !Object.hasOwn(archOf({ arch }).registers, name)) {
    return [`'${name}' is not a valid register on this architecture (${arch})`];
  }
  const { context, provider } = call.probe;
  if (context === 'pt_regs' || context === 'perf_event') return [];
  return [`reg can not be used with "${provider}" probes`];
}
