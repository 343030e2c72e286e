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
  return expandWithin(tokens, macros, { tokens: TOKEN_LIMIT });
}

/** How many tokens macros may still make, those in arguments of others included. */
interface Budget {
  tokens: number;
}

function expandWithin(
  tokens: readonly CToken[],
  macros: Macros,
  budget: Budget,
): readonly CToken[] {
  const pending = tokens.toReversed();
  const expanded: CToken[] = [];
  for (let token = pending.pop(); token !== undefined; token = pending.pop()) {
    const macro = token.kind === 'identifier' ? macros.get(token.text) : undefined;
    if (macro === undefined || token.hidden?.has(token.text) === true) {
      expanded.push(token);
      continue;
    }
    const made = useMacro(token, macro, pending, (inner) => expandWithin(inner, macros, budget));
    if (made === undefined) {
      expanded.push(token);
      continue;
    }
    budget.tokens -= made.length;
    if (budget.tokens < 0)
      throw new SyntaxFault(tooManyTokens(token.span, token.text, TOKEN_LIMIT));
    for (const each of made.toReversed()) pending.push(each);
  }
  return expanded;
}

type Expand = (tokens: readonly CToken[]) => readonly CToken[];

/** What takes the macro's place; undefined for the name of a function-like macro alone. */
function useMacro(
  token: CToken,
  macro: CMacro,
  pending: CToken[],
  expand: Expand,
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
  const body = substitute(macro, given.arguments, expand);
  return replace(body, place, new Set([...shared, macro.name]));
}

function replace(
  body: readonly CToken[],
  place: Pick<CToken, 'span' | 'spaced'>,
  hidden: ReadonlySet<string>,
): readonly CToken[] {
  // Tokens that came out of one macro share their set.
  const merged = new Map<ReadonlySet<string>, ReadonlySet<string>>();
  const hiddenWith = (own: ReadonlySet<string> | undefined): ReadonlySet<string> => {
    if (own === undefined) return hidden;
    const both = merged.get(own) ?? new Set([...own, ...hidden]);
    merged.set(own, both);
    return both;
  };
  return body.map((token, index) => ({
    ...token,
    span: place.span,
    startsLine: false,
    spaced: index === 0 ? place.spaced : token.spaced,
    hidden: hiddenWith(token.hidden),
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
  expand: Expand,
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
      append(made, inPlaceOf(token, expand(raw)));
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
