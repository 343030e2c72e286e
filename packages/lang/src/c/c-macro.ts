/** What `#define` says. */
import type { CToken } from './c-token.ts';

export interface CMacro {
  readonly name: string;
  /** Absent for a macro without parentheses. A variadic one takes the rest as its last parameter. */
  readonly parameters?: readonly string[];
  readonly variadic: boolean;
  readonly body: readonly CToken[];
}

/** The macro of the tokens behind `#define`, or what is wrong with them, and where. */
export function readMacro(
  tokens: readonly CToken[],
): CMacro | { readonly fault: string; readonly at: CToken | undefined } {
  const [name, open] = tokens;
  if (name?.kind !== 'identifier') {
    return {
      fault: name === undefined ? 'macro name missing' : 'macro name must be an identifier',
      at: name,
    };
  }
  // A parenthesis right behind the name opens the parameters; one after a blank belongs to the body.
  if (open?.text !== '(' || open.spaced) {
    return { name: name.text, variadic: false, body: tokens.slice(1) };
  }
  const close = tokens.findIndex((token) => token.text === ')');
  if (close === -1) return { fault: "missing ')' in macro parameter list", at: open };
  const parameters = readParameters(tokens.slice(2, close));
  if (parameters === undefined)
    return { fault: 'invalid token in macro parameter list', at: tokens[2] };
  return { name: name.text, ...parameters, body: tokens.slice(close + 1) };
}

function readParameters(
  tokens: readonly CToken[],
): { readonly parameters: readonly string[]; readonly variadic: boolean } | undefined {
  const parameters: string[] = [];
  let variadic = false;
  let rest = tokens;
  while (rest.length > 0) {
    const [first, second] = rest;
    if (variadic || first === undefined) return undefined;
    if (first.text === '...') {
      variadic = true;
      parameters.push('__VA_ARGS__');
      rest = rest.slice(1);
    } else if (first.kind === 'identifier') {
      variadic = second?.text === '...';
      parameters.push(first.text);
      rest = rest.slice(variadic ? 2 : 1);
    } else {
      return undefined;
    }
    if (rest.length > 0 && rest[0]?.text !== ',') return undefined;
    rest = rest.slice(1);
  }
  return { parameters, variadic };
}
