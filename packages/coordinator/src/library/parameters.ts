/** Values for the parameters of a program of the library: what was declared is taken, and nothing else. */
import { createContext, Script } from 'node:vm';
import type { LibraryParameter } from '@bpfleet/protocol';

/** What a value of each is, as a whole. */
export const PARAMETER_TYPES: Readonly<Record<string, string>> = {
  number: '-?(?:0|[1-9][0-9]{0,18})',
  name: '[A-Za-z0-9_.-]{1,64}',
  path: '(?:/(?!\\.\\.?(?:/|$))[A-Za-z0-9_.+@-]{1,255}){1,32}',
  boolean: 'true|false',
};

export interface GivenParameters {
  readonly parameters: readonly string[];
  readonly namedParameters: readonly string[];
}

/** The message is for whoever gave the values or declared the parameters. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
}

const POSITIONAL = /^[1-9][0-9]?$/;
const NAMED = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const MAX_VALUE = 1_024;
/** Expressions that look at a value again and again end here. */
const PATIENCE_MS = 100;
const MATCH = new Script('new RegExp(`^(?:${pattern})$`, "u").test(value)');

/** What is wrong with a declaration, or undefined. */
export function declarationFault(declared: readonly LibraryParameter[]): string | undefined {
  const names = declared.map(({ name }) => name);
  for (const { name, accepts } of declared) {
    if (!POSITIONAL.test(name) && !NAMED.test(name)) {
      return `parameter ${name}: a name of getopt, or the number of a positional parameter`;
    }
    if (names.indexOf(name) !== names.lastIndexOf(name))
      return `parameter ${name} is declared twice`;
    try {
      RegExp(patternOf(accepts), 'u');
    } catch (error) {
      return `parameter ${name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  const last = names.filter((name) => POSITIONAL.test(name)).length;
  for (let place = 1; place <= last; place += 1) {
    if (!names.includes(String(place)))
      return `parameter ${place} is not declared, and a later one is`;
  }
  return undefined;
}

/**
 * Positional parameters are all needed; a named one that is not given has the default of its `getopt`.
 *
 * @throws {ParameterError} for a value that does not match, is not declared, or is missing
 */
export function givenParameters(
  declared: readonly LibraryParameter[],
  values: Readonly<Record<string, string>>,
): GivenParameters {
  const given = new Map(Object.entries(values));
  for (const name of given.keys()) {
    if (declared.some((parameter) => parameter.name === name)) continue;
    const known = declared.map((parameter) => parameter.name).join(', ');
    throw new ParameterError(
      `no parameter ${name}: there ${known === '' ? 'are none' : `is ${known}`}`,
    );
  }
  const parameters: string[] = [];
  const namedParameters: string[] = [];
  for (const { name, accepts } of declared) {
    const value = given.get(name);
    const isPositional = POSITIONAL.test(name);
    if (value === undefined) {
      if (isPositional) throw new ParameterError(`parameter ${name} is needed: --param ${name}=…`);
      continue;
    }
    if (value.length > MAX_VALUE || !matches(patternOf(accepts), value)) {
      throw new ParameterError(
        `parameter ${name} takes ${accepts}, and not: ${value.slice(0, 100)}`,
      );
    }
    if (isPositional) parameters[Number(name) - 1] = value;
    else namedParameters.push(`${name}=${value}`);
  }
  return { parameters, namedParameters };
}

function patternOf(accepts: string): string {
  return Object.hasOwn(PARAMETER_TYPES, accepts) ? (PARAMETER_TYPES[accepts] ?? '') : accepts;
}

/** A value for which an expression takes too long does not match it. */
function matches(pattern: string, value: string): boolean {
  // Nothing of a program, nor what breaks a line of a report, is ever meant.
  if (/[\p{Cc}\p{Cs}]/u.test(value)) return false;
  try {
    return MATCH.runInContext(createContext({ pattern, value }), { timeout: PATIENCE_MS }) === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}
