/** Macro expansion, by hide sets: a token never expands a macro that it came from. */
import { tooManyTokens } from '../diagnostics/messages/c.ts';
import { SyntaxFault } from '../syntax/syntax-fault.ts';
import { spellTokens, tokenizeC } from './c-lexer.ts';
import type { CMacro } from './c-macro.ts';
import type { CToken } from './c-token.ts';
import { Source } from '../source.ts';

/** Far above any header, far below what would take a second. */
const TOKEN_LIMIT = 100_000;

export type Macros = Pick<ReadonlyMap<string, CMacro>, 'get' | 'has'>;

/** @throws SyntaxFault for macros that grow beyond all measure. */
export function expandTokens(tokens: readonly CToken[], macros: Macros): readonly CToken[] {
  const pending = tokens.toReversed();
  const expanded: CToken[] = [];
  let budget = TOKEN_LIMIT;
  for (let token = pending.pop(); token !== undefined; token = pending.pop()) {
    const macro = token.kind === 'identifier' ? macros.get(token.text) : undefined;
    if (macro === undefined || token.hidden?.has(token.text) === true) {
      expanded.push(token);
      continue;
    }
    const made = useMacro(token, macro, pending, macros);
    if (made === undefined) {
      expanded.push(token);
      continue;
    }
    budget -= made.length;
    if (budget < 0) throw new SyntaxFault(tooManyTokens(token.span, token.text, TOKEN_LIMIT));
    for (const each of made.toReversed()) pending.push(each);
  }
  return expanded;
}

/** What takes the macro's place; undefined for the name of a function-like macro alone. */
function useMacro(
  token: CToken,
  macro: CMacro,
  pending: CToken[],
  macros: Macros,
): readonly CToken[] | undefined {
  const place = { span: token.span, spaced: token.spaced };
  if (macro.parameters === undefined) {
    const hidden = new Set([...(token.hidden ?? []), macro.name]);
    return replace(pasteAll(macro.body), place, hidden);
  }
  if (pending.at(-1)?.text !== '(') return undefined;
  const given = takeArguments(pending, macro);
  if (given === undefined) return undefined;
  const shared = [...(token.hidden ?? [])].filter((name) => given.hidden?.has(name) === true);
  const body = substitute(macro, given.arguments, macros);
  return replace(body, place, new Set([...shared, macro.name]));
}

function replace(
  body: readonly CToken[],
  place: Pick<CToken, 'span' | 'spaced'>,
  hidden: ReadonlySet<string>,
): readonly CToken[] {
  return body.map((token, index) => ({
    ...token,
    span: place.span,
    startsLine: false,
    spaced: index === 0 ? place.spaced : token.spaced,
    hidden: token.hidden === undefined ? hidden : new Set([...token.hidden, ...hidden]),
  }));
}

interface Arguments {
  readonly arguments: readonly (readonly CToken[])[];
  /** Of the closing parenthesis. */
  readonly hidden: ReadonlySet<string> | undefined;
}

/** Takes `( … )` off the pending tokens; leaves them as they are if it does not end. */
function takeArguments(
  pending: CToken[],
  { parameters = [], variadic }: CMacro,
): Arguments | undefined {
  const found: CToken[][] = [[]];
  let depth = 0;
  for (let at = pending.length - 1; at >= 0; at--) {
    const token = pending[at];
    if (token === undefined) return undefined;
    if (token.text === '(' && depth++ === 0) continue;
    if (token.text === ')' && --depth === 0) {
      pending.length = at;
      const none = parameters.length === 0 && found.length === 1 && found[0]?.length === 0;
      return { arguments: none ? [] : found, hidden: token.hidden };
    }
    const rest = variadic && found.length >= parameters.length;
    if (token.text === ',' && depth === 1 && !rest) found.push([]);
    else found.at(-1)?.push(token);
  }
  return undefined;
}

/** The body with its parameters replaced, `#` and `##` carried out. */
function substitute(
  { body, parameters = [] }: CMacro,
  given: readonly (readonly CToken[])[],
  macros: Macros,
): readonly CToken[] {
  const argument = (token: CToken | undefined): readonly CToken[] | undefined => {
    const index = token?.kind === 'identifier' ? parameters.indexOf(token.text) : -1;
    return index === -1 ? undefined : (given[index] ?? []);
  };
  const made: CToken[] = [];
  for (let at = 0; at < body.length; at++) {
    const token = body[at];
    const next = body[at + 1];
    if (token === undefined) break;
    const quoted = token.text === '#' ? argument(next) : undefined;
    const raw = argument(token);
    if (quoted !== undefined) {
      made.push({ ...token, kind: 'string', text: JSON.stringify(spellTokens(quoted)) });
      at++;
    } else if (raw === undefined) {
      made.push(token);
    } else if (next?.text === '##' || body[at - 1]?.text === '##') {
      // Nothing to paste: an empty argument drops its `##`, and the comma of `, ## __VA_ARGS__`.
      if (raw.length === 0 && made.at(-1)?.text === '##') dropPaste(made);
      else if (raw.length === 0) at++;
      else append(made, inPlaceOf(token, raw));
    } else {
      append(made, inPlaceOf(token, expandTokens(raw, macros)));
    }
  }
  return pasteAll(made);
}

/** One by one: a call takes only so many arguments. */
function append(made: CToken[], more: readonly CToken[]): void {
  for (const token of more) made.push(token);
}

function inPlaceOf({ spaced }: CToken, tokens: readonly CToken[]): readonly CToken[] {
  return tokens.map((token, index) => (index === 0 ? { ...token, spaced } : token));
}

function dropPaste(made: CToken[]): void {
  made.pop();
  if (made.at(-1)?.text === ',') made.pop();
}

/** `a ## b` is `ab`. */
function pasteAll(tokens: readonly CToken[]): readonly CToken[] {
  if (!tokens.some(({ text }) => text === '##')) return tokens;
  const made: CToken[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const right = tokens[at + 1];
    const left = made.at(-1);
    if (token === undefined) break;
    if (token.text !== '##' || left === undefined || right === undefined) {
      made.push(token);
      continue;
    }
    // The GNU form `, ## rest` keeps both.
    made.pop();
    const text = left.text === ',' ? undefined : left.text + right.text;
    if (text === undefined) made.push(left, right);
    else made.push(...retokenize(text, left));
    at++;
  }
  return made;
}

function retokenize(text: string, like: CToken): readonly CToken[] {
  const pasted = tokenizeC(new Source('', text), 0, text.length);
  return pasted.map((token) => ({
    ...token,
    span: like.span,
    startsLine: false,
    spaced: like.spaced,
  }));
}
