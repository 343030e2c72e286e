/** What can be wrong with calls of functions. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error, warning } from './message.ts';

export function wrongArgumentCount(
  span: Span,
  name: string,
  [fewest, most]: readonly [number, number],
  given: number,
): Diagnostic {
  return error(
    'wrong-argument-count',
    span,
    `${name}() ${arity(fewest, most, given)} (${given} provided)`,
  );
}

function arity(fewest: number, most: number, given: number): string {
  if (most === 0) return 'requires no arguments';
  const count = (number: number): string => (number === 1 ? 'one argument' : `${number} arguments`);
  if (fewest === most) return `requires ${count(most)}`;
  return given < fewest ? `requires at least ${count(fewest)}` : `takes up to ${count(most)}`;
}

export function wrongArgumentType(
  span: Span,
  name: string,
  wanted: string,
  given: string,
): Diagnostic {
  return error(
    'wrong-argument-type',
    span,
    `${name}() only supports ${wanted} arguments (${given} provided)`,
  );
}

export function literalExpected(
  span: Span,
  name: string,
  wanted: string,
  given: string,
): Diagnostic {
  return error(
    'literal-expected',
    span,
    `${name}() expects a ${wanted} literal (${given} provided)`,
  );
}

export function mapExpected(span: Span, name: string): Diagnostic {
  return error('map-expected', span, `${name}() expects a map argument`);
}

export function wordExpected(span: Span, name: string): Diagnostic {
  return error('invalid-call', span, `${name}() expects the name of a mode as its argument`);
}

/** Anything that only this function cares for; its record in the registry has the words. */
export function invalidCall(span: Span, message: string): Diagnostic {
  return error('invalid-call', span, message);
}

export function badFormat(span: Span, message: string): Diagnostic {
  return error('bad-format', span, message);
}

/** bpftrace has two ways to say it: one of its builtins, one of the functions of its library. */
export function unsafeCall(span: Span, name: string, ofLibrary: boolean): Diagnostic {
  const message = ofLibrary
    ? `${name}() is unsafe. To use you need the --unsafe flag`
    : `${name}() is an unsafe function being used in safe mode`;
  return error('unsafe-call', span, message, ofLibrary ? [] : ['Allow it with --unsafe.']);
}

/** Of a fleet: nobody would look for the file on each host, or take it away. */
export function fileOnFleet(span: Span, name: string): Diagnostic {
  return error(
    'file-on-fleet',
    span,
    `${name} leaves a file on the traced host, which a run on a fleet may not`,
    ["Run the program there with 'bpfleet local'."],
  );
}

export function mustBeAssignedToMap(span: Span, name: string): Diagnostic {
  return error('aggregation-not-assigned', span, `${name}() must be assigned directly to a map`);
}

export function exitInLoop(span: Span): Diagnostic {
  return error('exit-in-loop', span, "'exit' is not allowed in a loop");
}

export function builtinUnavailable(span: Span, message: string): Diagnostic {
  return error('builtin-unavailable', span, message);
}

export function printInLoop(span: Span): Diagnostic {
  return warning(
    'print-in-loop',
    span,
    "Due to it's asynchronous nature using 'print()' in a loop can lead to unexpected behavior. " +
      "The map will likely be updated before the runtime can 'print' it.",
  );
}

export function topOfStats(span: Span): Diagnostic {
  return warning(
    'ignored-print-arguments',
    span,
    "print()'s top and div arguments are ignored when used on stats() maps.",
  );
}

export function debugOutput(span: Span): Diagnostic {
  return warning(
    'debug-output',
    span,
    'The debugf() builtin is not recommended for production use. ' +
      'For more information see bpf_trace_printk in bpf-helpers(7).',
  );
}

export function truncatedLength(span: Span, length: bigint, limit: number): Diagnostic {
  return warning(
    'length-shortened',
    span,
    `length param (${length}) is too long and will be shortened to ${limit} bytes (see BPFTRACE_MAX_STRLEN)`,
  );
}
