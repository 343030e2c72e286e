/**
 * The C preprocessor: directives are carried out, and what is left of the text has its macros expanded. What `#include`
 * names is given by the caller; nothing is read here.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { cSyntax, includeNotFound, userError } from '../diagnostics/messages/c.ts';
import { span } from '../source.ts';
import type { Source, Span } from '../source.ts';
import { SyntaxFault } from '../syntax/syntax-fault.ts';
import { spellTokens, tokenizeC } from './c-lexer.ts';
import { readMacro } from './c-macro.ts';
import type { CMacro } from './c-macro.ts';
import type { CToken } from './c-token.ts';
import { evaluateConstant } from './constant-expression.ts';
import { expandTokens } from './macro-expander.ts';
import type { Macros } from './macro-expander.ts';
import { MacroTable } from './macro-table.ts';
import { applyPack } from './pragma-pack.ts';

export interface IncludeRequest {
  readonly name: string;
  /** `<name>` */
  readonly angled: boolean;
  /** The file that the directive stands in. */
  readonly from: Source;
  /** Of the name with its quotes or brackets. */
  readonly span: Span;
}

/** `known`: what the header has is known without its text. */
export type Included =
  /** `system`: of a directory of libraries, where what does not parse is passed over. */
  | { readonly kind: 'text'; readonly source: Source; readonly system: boolean }
  | { readonly kind: 'known' }
  | { readonly kind: 'missing' };

export type Include = (request: IncludeRequest) => Included;

const INCLUDE_DEPTH = 100;
/** Headers that include each other twice would double with each. */
const MAX_INCLUDES = 20_000;

interface Conditional {
  readonly span: Span;
  /** Whether this branch is in force, all those around it among them. */
  active: boolean;
  /** Whether a branch was taken already, or none may be. */
  done: boolean;
  sawElse: boolean;
}

export class Preprocessor {
  readonly macros: MacroTable;
  readonly tokens: CToken[] = [];
  /** Texts of libraries among those taken in. */
  readonly system: Set<Source> = new Set();
  readonly #include: Include;
  readonly #known: Macros;
  readonly #report: (diagnostic: Diagnostic) => void;
  readonly #conditionals: Conditional[] = [];
  readonly #once = new Set<Source>();
  readonly #packs: (string | undefined)[] = [];
  #pack = '';
  #depth = 0;
  #includes = 0;

  /** `known` are the macros that known headers have. */
  constructor(
    predefined: ReadonlyMap<string, CMacro>,
    { include, known }: { readonly include: Include; readonly known: Macros },
    report: (diagnostic: Diagnostic) => void,
  ) {
    this.macros = new MacroTable(predefined);
    this.#include = include;
    this.#known = known;
    this.#report = report;
  }

  /** Takes in a part of a text: a whole file, a directive or a definition. */
  feed(source: Source, start: number, end: number): void {
    const tokens = tokenizeC(source, start, end);
    let text: CToken[] = [];
    for (let at = 0; at < tokens.length;) {
      const token = tokens[at];
      if (token === undefined) break;
      if (token.text !== '#' || !token.startsLine) {
        if (this.#active) text.push(token);
        at++;
        continue;
      }
      this.#emit(text);
      text = [];
      const next = tokens.findIndex((other, index) => index > at && other.startsLine);
      const line = tokens.slice(at, next === -1 ? undefined : next);
      this.#guard(() => this.#directive(line));
      at += line.length;
    }
    this.#emit(text);
  }

  /** Ends a declaration that may lack its semicolon. */
  separate(where: Span): void {
    if (!this.#active) return;
    const at = span(where.source, where.end, where.end);
    this.tokens.push({
      kind: 'punctuation',
      text: ';',
      span: at,
      startsLine: false,
      spaced: false,
    });
  }

  /** Reports what was left open. */
  finish(): void {
    for (const { span } of this.#conditionals) {
      this.#report(cSyntax(span, 'unterminated conditional directive'));
    }
  }

  get #active(): boolean {
    return this.#conditionals.at(-1)?.active ?? true;
  }

  #emit(text: readonly CToken[]): void {
    if (text.length === 0) return;
    this.#guard(() => {
      for (const token of expandTokens(text, this.macros)) this.tokens.push(token);
    });
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault;
      this.#report(fault.diagnostic);
    }
  }

  /** `line` begins with the `#`. */
  #directive(line: readonly CToken[]): void {
    const [hash, word] = line;
    if (hash === undefined || word === undefined) return;
    const rest = line.slice(2);
    if (this.#conditional(word, rest) || !this.#active) return;
    switch (word.text) {
      case 'define':
        return this.#define(word, rest);
      case 'undef':
        this.macros.delete(this.#name(word, rest));
        return;
      case 'include':
      case 'include_next':
      case 'import':
        return this.#includeFile(word, rest);
      case 'error':
        return this.#report(userError(word.span, spellTokens(rest)));
      case 'pragma':
        return this.#pragma(word, rest);
      case 'warning':
      case 'line':
      case 'ident':
        return;
      default:
        // A line number as compilers write it, `# 1 "file"`.
        if (word.kind !== 'number')
          this.#report(cSyntax(word.span, 'invalid preprocessing directive'));
    }
  }

  /** Whether the directive is one of conditions, which count in branches not taken as well. */
  #conditional(word: CToken, rest: readonly CToken[]): boolean {
    switch (word.text) {
      case 'if':
        this.#open(word, () => this.#holds(word, rest));
        return true;
      case 'ifdef':
        this.#open(word, () => this.macros.has(this.#name(word, rest)));
        return true;
      case 'ifndef':
        this.#open(word, () => !this.macros.has(this.#name(word, rest)));
        return true;
      case 'elif':
        this.#next(word, () => this.#holds(word, rest));
        return true;
      case 'elifdef':
        this.#next(word, () => this.macros.has(this.#name(word, rest)));
        return true;
      case 'elifndef':
        this.#next(word, () => !this.macros.has(this.#name(word, rest)));
        return true;
      case 'else':
        this.#next(word, () => true).sawElse = true;
        return true;
      case 'endif':
        if (this.#conditionals.pop() === undefined) fail(word.span, '#endif without #if');
        return true;
      default:
        return false;
    }
  }

  #open({ span }: CToken, holds: () => boolean): void {
    const outer = this.#active;
    const opened = { span, active: false, done: !outer, sawElse: false };
    this.#conditionals.push(opened);
    opened.active = outer && holds();
    opened.done ||= opened.active;
  }

  #next(word: CToken, holds: () => boolean): Conditional {
    const open = this.#conditionals.at(-1) ?? fail(word.span, `#${word.text} without #if`);
    if (open.sawElse) fail(word.span, `#${word.text} after #else`);
    open.active = false;
    open.active = !open.done && holds();
    open.done ||= open.active;
    return open;
  }

  #holds(word: CToken, rest: readonly CToken[]): boolean {
    if (rest.length === 0) fail(word.span, 'expected value in expression');
    const known = replaceDefined(rest, (name) => this.macros.has(name));
    const names = {
      // A name that is no macro is zero.
      constant: () => 0n,
      typeAt: () => undefined,
    };
    const tokens = expandTokens(known, this.macros);
    return evaluateConstant(tokens, word.span, names) !== 0n;
  }

  #name({ span }: CToken, [name]: readonly CToken[]): string {
    if (name === undefined) fail(span, 'macro name missing');
    if (name.kind !== 'identifier') fail(name.span, 'macro name must be an identifier');
    return name.text;
  }

  #define({ span }: CToken, rest: readonly CToken[]): void {
    const macro = readMacro(rest);
    if ('fault' in macro) fail(macro.at?.span ?? span, macro.fault);
    this.macros.set(macro);
  }

  #includeFile(word: CToken, rest: readonly CToken[]): void {
    const request = includeRequest(word, rest);
    if (request === undefined) fail(word.span, 'expected "FILENAME" or <FILENAME>');
    const found = this.#include(request);
    if (found.kind === 'known') return this.macros.addKnown(this.#known);
    if (found.kind === 'missing') return this.#report(includeNotFound(request.span, request.name));
    if (found.system || this.system.has(request.from)) this.system.add(found.source);
    if (this.#once.has(found.source)) return;
    if (this.#depth >= INCLUDE_DEPTH) fail(request.span, '#include nested too deeply');
    if (++this.#includes > MAX_INCLUDES) {
      fail(request.span, `more than ${MAX_INCLUDES} files are included`);
    }
    this.#depth++;
    this.feed(found.source, 0, found.source.text.length);
    this.#depth--;
  }

  #pragma({ span }: CToken, rest: readonly CToken[]): void {
    if (rest[0]?.text === 'once') {
      this.#once.add(span.source);
    } else if (rest[0]?.text === 'pack') {
      this.#pack = applyPack(rest.slice(1), this.#pack, this.#packs);
      this.tokens.push({ kind: 'pack', text: this.#pack, span, startsLine: false, spaced: false });
    }
  }
}

function fail(at: Span, message: string): never {
  throw new SyntaxFault(cSyntax(at, message));
}

/** `defined X` and `defined(X)` become numbers before macros are expanded. */
function replaceDefined(
  tokens: readonly CToken[],
  isDefined: (name: string) => boolean,
): readonly CToken[] {
  const made: CToken[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.text !== 'defined') {
      made.push(token);
      continue;
    }
    const wrapped = tokens[at + 1]?.text === '(';
    const name = tokens[at + (wrapped ? 2 : 1)];
    if (name?.kind !== 'identifier') fail(token.span, 'macro name missing');
    if (wrapped && tokens[at + 3]?.text !== ')') fail(token.span, "missing ')' after 'defined'");
    made.push({ ...token, kind: 'number', text: isDefined(name.text) ? '1' : '0' });
    at += wrapped ? 3 : 1;
  }
  return made;
}

/** The name is taken from the text: `//` in brackets is no comment. */
function includeRequest(
  { span: word }: CToken,
  [first]: readonly CToken[],
): IncludeRequest | undefined {
  if (first === undefined) return undefined;
  const { source, start } = first.span;
  const [written, angled, quoted] =
    /^(?:<([^>\n]+)>|"([^"\n]+)")/.exec(source.text.slice(start)) ?? [];
  const name = angled ?? quoted;
  if (written === undefined || name === undefined) return undefined;
  return {
    name,
    angled: angled !== undefined,
    from: word.source,
    span: span(source, start, start + written.length),
  };
}
