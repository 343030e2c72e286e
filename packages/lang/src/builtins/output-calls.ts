/** Functions that send something to the tracer: text, maps, times, the end. */
import { checkFormat, conversions } from './format.ts';
import type { CallKind } from './call-kind.ts';
import { VOID } from '../types/scalars.ts';
import { printKind, printType } from '../types/print-type.ts';
import type { TypedCall } from './call-kind.ts';
import { isAggregation } from './aggregations.ts';

const MAX_FORMAT_ARGUMENTS = 128;
const MAX_DEBUG_ARGUMENTS = 3;
/** Longest text `time` may format. */
const MAX_TIME_FORMAT = 64;

function formatted(name: string, unsafe = false): CallKind {
  return {
    name,
    arity: [1, MAX_FORMAT_ARGUMENTS],
    arguments: ['string-literal', 'any'],
    type: () => VOID,
    formats: true,
    check: checkFormatted,
    ...(unsafe ? { unsafe: 'builtin' as const } : {}),
  };
}

function checkFormatted(call: TypedCall): readonly string[] {
  const format = call.text(0);
  if (format === undefined) return [];
  const types = call.arguments.slice(1).map((_, index) => call.typeOf(index + 1));
  const fault = checkFormat(format, types);
  return fault === undefined ? [] : [fault];
}

/** bpf_trace_printk knows fewer conversions, and three at most. */
function checkDebug(call: TypedCall): readonly string[] {
  const faults = checkFormatted(call);
  const format = call.text(0);
  if (faults.length > 0 || format === undefined) return faults;
  const letters = conversions(format);
  if (letters.length > MAX_DEBUG_ARGUMENTS) {
    return [`cannot use more than ${MAX_DEBUG_ARGUMENTS} conversion specifiers`];
  }
  return letters.flatMap((letter, index) => {
    const type = call.typeOf(index + 1);
    if (!['d', 'u', 'x', 'p', 's'].includes(letter)) {
      return [`Invalid format specifier for \`debugf\`: ${letter}`];
    }
    const wanted = letter === 's' ? 'string' : 'integer';
    return type === undefined || type.kind === wanted
      ? []
      : [`Type does not match format specifier: ${letter}`];
  });
}

function onMap(name: string): CallKind {
  return { name, arity: [1, 1], arguments: ['map'], type: () => VOID };
}

export const outputCalls: readonly CallKind[] = [
  // Reported while compiling.
  { name: 'fail', arity: [1, MAX_FORMAT_ARGUMENTS], type: () => VOID },
  formatted('printf'),
  formatted('errorf'),
  formatted('warnf'),
  formatted('cat'),
  formatted('system', true),
  {
    name: 'debugf',
    arity: [1, MAX_FORMAT_ARGUMENTS],
    arguments: ['string-literal', 'any'],
    type: () => VOID,
    formats: true,
    check: checkDebug,
  },
  {
    name: 'print',
    arity: [1, 3],
    arguments: ['map-or-value', 'integer-literal', 'integer-literal'],
    type: () => VOID,
    check: checkPrint,
  },
  onMap('clear'),
  onMap('zero'),
  {
    name: 'time',
    arity: [0, 1],
    arguments: ['string-literal'],
    type: () => VOID,
    check: (call) =>
      (call.text(0)?.length ?? 0) > MAX_TIME_FORMAT
        ? [`time() format is longer than ${MAX_TIME_FORMAT} characters`]
        : [],
  },
  { name: 'exit', arity: [0, 1], arguments: ['integer'], type: () => VOID },
  {
    name: 'join',
    arity: [1, 2],
    arguments: ['any', 'string-literal'],
    type: () => VOID,
    check: (call) => {
      const type = call.typeOf(0);
      if (type === undefined || type.kind === 'integer' || type.kind === 'pointer') return [];
      return [`join() only supports int or pointer arguments (${printKind(type)} provided)`];
    },
  },
];

/** Of a value; whole maps are checked where maps are. */
function checkPrint(call: TypedCall): readonly string[] {
  const type = call.typeOf(0);
  if (type === undefined) return [];
  if (type.kind === 'hist' || type.kind === 'lhist' || type.kind === 'tseries') {
    return [
      `Map type ${printType(type)} cannot print the value of individual keys. You must print the whole map.`,
    ];
  }
  if (type.kind === 'void') return ['void type passed to print() is not printable'];
  if (call.arguments.length > 1 && !isAggregation(type)) {
    return [`Non-map print() only takes 1 argument, ${call.arguments.length} found`];
  }
  return [];
}
