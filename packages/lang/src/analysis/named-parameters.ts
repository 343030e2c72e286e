/**
 * `getopt("name", default, "description")`: what was given as `--name=value`, in the type of the default; a literal, so that it
 * can decide what is compiled.
 */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import {
  badGetopt,
  badNamedParameter,
  otherDefault,
  otherDescription,
  unexpectedParameters,
} from '../diagnostics/messages/parameters.ts';
import type { Call, Expression, Program } from '../syntax/ast.ts';
import { decodeInteger } from '../syntax/decode-integer.ts';
import { rewrite } from '../syntax/visit.ts';
import { integerValue } from './constants.ts';
import { foldUnary, integer, unsigned64 } from './fold-operators.ts';

type Value = bigint | boolean | string;

interface Option {
  readonly initial: Value;
  readonly description: string;
}

/** `given` is without the dashes: `name=value`, or `name` alone for true. */
export function spliceNamedParameters(
  program: Program,
  given: readonly string[],
  diagnostics: Diagnostics,
): Program {
  const values = new Map(given.map(split));
  const options = new Map<string, Option>();
  const faulty = new Set<string>();
  const spliced = rewrite(program, (node) => {
    if (node.kind !== 'call' || node.callee !== 'getopt') return node;
    const read = readCall(node);
    if (typeof read === 'string') {
      diagnostics.add(badGetopt(node.span, read));
      return integer(node.span, 0n);
    }
    const { name, option } = read;
    const known = options.get(name);
    if (known !== undefined) {
      const fault = differs(node, name, known, option);
      if (fault !== undefined) diagnostics.add(fault);
    }
    options.set(name, { ...option, description: option.description || (known?.description ?? '') });
    const written = values.get(name);
    const value = values.has(name) ? convert(option.initial, written) : { value: option.initial };
    if ('fault' in value) {
      if (!faulty.has(name))
        diagnostics.add(badNamedParameter(name, written ?? 'true', value.fault));
      faulty.add(name);
      return literal(node, option.initial);
    }
    return literal(node, value.value);
  });
  const unexpected = [...values.keys()].filter((name) => !options.has(name));
  if (unexpected.length > 0) {
    const expected = [...options].map(([name, { description }]) => ({ name, description }));
    diagnostics.add(unexpectedParameters(unexpected, expected));
  }
  return spliced;
}

function split(parameter: string): readonly [string, string | undefined] {
  const at = parameter.indexOf('=');
  return at === -1 ? [parameter, undefined] : [parameter.slice(0, at), parameter.slice(at + 1)];
}

function readCall({ arguments: given }: Call): { name: string; option: Option } | string {
  const [name, initial, description] = given;
  if (given.length < 1 || given.length > 3) {
    return "The 'getopt' function can take a maximum of three arguments and a minimum of one argument.";
  }
  if (name?.kind !== 'string') return "First argument to 'getopt' must be a string literal.";
  if (description !== undefined && description.kind !== 'string') {
    return "Function 'getopt' requires the third parameter to be a string literal.";
  }
  const value = initial === undefined ? false : valueOf(initial);
  if (value === undefined) {
    return "Second argument to 'getopt' must be a string literal, integer literal, or a boolean literal.";
  }
  return { name: name.value, option: { initial: value, description: description?.value ?? '' } };
}

/** Nothing is folded yet where this runs, so a minus is an operator. */
function valueOf(node: Call['arguments'][number]): Value | undefined {
  if (node.kind === 'type-name') return undefined;
  if (node.kind === 'string' || node.kind === 'boolean') return node.value;
  const folded = node.kind === 'unary' ? foldUnary(node) : node;
  return folded.kind === 'fault' ? undefined : integerValue(folded);
}

function differs(
  { span }: Call,
  name: string,
  known: Option,
  option: Option,
): ReturnType<typeof otherDefault> | undefined {
  if (known.initial !== option.initial) return otherDefault(span, name, String(known.initial));
  const described = known.description !== '' && option.description !== '';
  return described && known.description !== option.description
    ? otherDescription(span, name)
    : undefined;
}

function convert(
  initial: Value,
  written: string | undefined,
): { readonly value: Value } | { readonly fault: string } {
  if (typeof initial === 'string') {
    return written === undefined ? { fault: 'expects a string' } : { value: written };
  }
  if (typeof initial === 'bigint') {
    return written === undefined
      ? { fault: 'expects an integer' }
      : convertInteger(written, initial < 0n);
  }
  const lower = written?.toLowerCase() ?? 'true';
  if (lower === 'true' || lower === '1') return { value: true };
  if (lower === 'false' || lower === '0') return { value: false };
  return { fault: "expects a boolean (e.g. 'true')" };
}

/** A default below zero makes the option signed. */
function convertInteger(
  written: string,
  signed: boolean,
): { readonly value: Value } | { readonly fault: string } {
  const negative = written.startsWith('-');
  const digits = negative ? written.slice(1) : written;
  const decoded = /^[0-9]/.test(digits) ? decodeInteger(digits) : undefined;
  if (decoded === undefined || 'fault' in decoded) return { fault: 'invalid integer' };
  const value = negative ? -decoded.value : decoded.value;
  const fits = signed ? BigInt.asIntN(64, value) === value : value >= 0n;
  return fits ? { value } : { fault: 'value is out of range' };
}

function literal({ span }: Call, value: Value): Expression {
  if (typeof value === 'string') return { kind: 'string', span, value };
  if (typeof value === 'boolean') return { kind: 'boolean', span, value };
  return value < 0n ? integer(span, value) : unsigned64(span, value);
}
