/** Declarators: the stars, brackets and parentheses around a name, which turn the type before it inside out. */
import type { Span } from '../source.ts';
import { readAttributes } from './attribute-parser.ts';
import type { CAttributes, CType } from './c-type.ts';
import { QUALIFIERS } from './c-words.ts';
import type { TokenCursor } from './token-cursor.ts';

/** More stars or parentheses than any type has. */
const MAX_DEPTH = 256;

/** What stands before the names of a declaration. */
export interface Specifiers {
  readonly type: CType;
  readonly typedef: boolean;
  readonly attributes: CAttributes;
  /** `__user` stands before the first `*`. */
  readonly user: boolean;
  /** Whether the type is an unnamed struct or union defined here, whose members belong to what is around it. */
  readonly anonymous: boolean;
}

export interface Declarator {
  /** Absent in the type of a cast. */
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  readonly type: CType;
  /** Those behind it, and those before. */
  readonly attributes: CAttributes;
}

/** declarator := ('*' qualifier*)* (name | '(' declarator ')' | nothing) ('[' length ']' | '(' … ')')* */
export function readDeclarator(
  cursor: TokenCursor,
  { type: base, user, attributes }: Pick<Specifiers, 'type' | 'user' | 'attributes'>,
): Declarator {
  const { name, nameSpan, wrap } = readParts(cursor, user);
  return { name, nameSpan, type: wrap(base), attributes: readAttributes(cursor, attributes) };
}

interface Parts {
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  /** From the type in front of the declarator to that of the name. */
  readonly wrap: (type: CType) => CType;
}

function readParts(cursor: TokenCursor, userBefore: boolean, depth = 0): Parts {
  const pointers: boolean[] = [];
  let user = skipQualifiers(cursor) || userBefore;
  while (cursor.accept('*')) {
    if (depth + pointers.length >= MAX_DEPTH) tooDeep(cursor);
    pointers.push(user);
    user = skipQualifiers(cursor);
  }
  readAttributes(cursor);
  let inner: Parts | undefined;
  let name: string | undefined;
  let nameSpan: Span | undefined;
  if (cursor.at('(') && !isParameterList(cursor)) {
    cursor.expect('(');
    if (depth >= MAX_DEPTH) tooDeep(cursor);
    inner = readParts(cursor, false, depth + 1);
    cursor.expect(')');
  } else if (cursor.current?.kind === 'identifier') {
    ({ text: name, span: nameSpan } = cursor.advance());
  }
  const suffixes = readSuffixes(cursor);
  const wrap = (type: CType): CType => {
    const pointed = pointers.reduce<CType>(
      (target, isUser) => ({ kind: 'pointer', target, user: isUser }),
      type,
    );
    const whole = suffixes.reduceRight<CType>((element, suffix) => suffix(element), pointed);
    return inner === undefined ? whole : inner.wrap(whole);
  };
  return inner === undefined ? { name, nameSpan, wrap } : { ...inner, wrap };
}

/** Whether `__user` is among them. */
function skipQualifiers(cursor: TokenCursor): boolean {
  let user = false;
  for (;;) {
    const { text = '' } = cursor.current ?? {};
    if (text !== '__user' && !QUALIFIERS.has(text)) return user;
    user ||= text === '__user';
    cursor.advance();
  }
}

/** `(*name)`, `(name)` and `((…` hold a declarator; everything else, such as `(int)` or `()`, parameters. */
function isParameterList(cursor: TokenCursor): boolean {
  const { text = ')', kind } = cursor.following ?? {};
  return !(text === '*' || text === '(' || text === '^' || kind === 'identifier');
}

function readSuffixes(cursor: TokenCursor): readonly ((type: CType) => CType)[] {
  const suffixes: ((type: CType) => CType)[] = [];
  for (;;) {
    const { span } = cursor;
    if (cursor.at('(')) {
      cursor.enclosed('(', ')');
      suffixes.push(() => ({ kind: 'function' }));
    } else if (cursor.at('[') && cursor.following?.text !== '[') {
      const length = cursor
        .enclosed('[', ']')
        .filter(({ text }) => text !== 'static' && !QUALIFIERS.has(text));
      suffixes.push((element) => ({ kind: 'array', element, length, span }));
    } else {
      return suffixes;
    }
  }
}

function tooDeep(cursor: TokenCursor): never {
  return cursor.fail(`types nest at most ${MAX_DEPTH} deep`);
}
