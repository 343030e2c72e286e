/** Functions that act on what is traced: signals, results, memory of processes. All but `unwatch` need `--unsafe`. */
import { printKind } from '../types/print-type.ts';
import { BOOLEAN, VOID } from '../types/scalars.ts';
import { signalNumber } from '../names/signal-names.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Expression, TypeName } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { CallKind, TypedCall } from './call-kind.ts';

const MAX_SIGNAL = 64n;
const SIGNAL_PROBES = [
  'kprobe',
  'kretprobe',
  'uprobe',
  'uretprobe',
  'usdt',
  'tracepoint',
  'profile',
  'fentry',
  'fexit',
  'rawtracepoint',
];

export const systemCalls: readonly CallKind[] = [
  signal('signal'),
  signal('signal_thread'),
  {
    name: 'override',
    arity: [1, 1],
    unsafe: 'library',
    type: () => VOID,
    check: checkOverride,
  },
  {
    name: 'write_user',
    arity: [3, 3],
    arguments: ['any', 'any', 'integer'],
    unsafe: 'library',
    type: () => BOOLEAN,
    check: checkWrite,
  },
  { name: 'unwatch', arity: [1, 1], arguments: ['integer'], type: () => VOID },
];

function signal(name: string): CallKind {
  return { name, arity: [1, 1], unsafe: 'library', type: () => VOID, check: checkSignal };
}

function checkSignal(call: TypedCall): readonly string[] {
  const name = `${call.node.callee}()`;
  const { provider } = call.probe;
  if (!SIGNAL_PROBES.includes(provider)) {
    return [`${name} can not be used for this probetype ${provider}`];
  }
  const text = call.text(0);
  const number = call.integer(0);
  const type = call.typeOf(0);
  if (text !== undefined) {
    return signalNumber(text) === undefined ? [`Invalid string for signal: ${text}`] : [];
  }
  if (number !== undefined) {
    if (number >= 1n && number <= MAX_SIGNAL) return [];
    return [`${name} accepts a string literal or an integer between 1 and 64 (inclusive)`];
  }
  if (type === undefined || type.kind === 'integer' || type.kind === 'enum') return [];
  return [`${name} accepts a string literal or an integer`];
}

function checkOverride(call: TypedCall): readonly string[] {
  if (call.probe.provider !== 'kprobe') return ['override() can only be used inside kprobes'];
  const type = call.typeOf(0);
  if (type === undefined || type.kind === 'integer' || type.kind === 'enum') return [];
  return [`override() only supports int arguments (${printKind(type)} provided)`];
}

function checkWrite(call: TypedCall): readonly string[] {
  const target = call.typeOf(0);
  if (target !== undefined && target.kind !== 'pointer' && target.kind !== 'integer') {
    return [`write_user() expects a pointer to write to (${printKind(target)} provided)`];
  }
  const source = call.typeOf(1);
  if (source === undefined || isAddress(call.arguments[1])) return [];
  if (!MEMORY_KINDS.has(source.kind)) {
    return [`write_user() expects a string, an array or a struct (${printKind(source)} provided)`];
  }
  const length = call.integer(2);
  const size = sizeOfType(source);
  if (length === undefined || length <= BigInt(size)) return [];
  return [`write_user() cannot write ${length} bytes of a value that has ${size}`];
}

/** What the kernel finds in the program's own memory. */
const MEMORY_KINDS: ReadonlySet<Type['kind']> = new Set([
  'string',
  'array',
  'struct',
  'buffer',
  'tuple',
  'record',
]);

/** `&$x` */
function isAddress(source: Expression | TypeName | undefined): boolean {
  return source?.kind === 'unary' && source.operator === '&' && source.operand.kind === 'variable';
}
