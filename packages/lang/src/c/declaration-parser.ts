/**
 * Declarations of C: structs, unions, enums and typedefs are kept; variables, prototypes and the bodies of functions,
 * which headers have, are read over.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { redefined } from '../diagnostics/messages/c.ts';
import type { Span } from '../source.ts';
import { SyntaxFault } from '../syntax/syntax-fault.ts';
import { readAttributes } from './attribute-parser.ts';
import { NO_ATTRIBUTES } from './c-type.ts';
import type {
  CAttributes,
  CComposite,
  CDeclarations,
  CEnum,
  CMember,
  CTag,
  CType,
} from './c-type.ts';
import { BASE_WORDS, baseOf, QUALIFIERS, STORAGE } from './c-words.ts';
import { readDeclarator } from './declarator-parser.ts';
import type { Specifiers } from './declarator-parser.ts';
import type { TokenCursor } from './token-cursor.ts';

export class DeclarationParser implements CDeclarations {
  readonly composites: Map<string, CComposite> = new Map();
  readonly enums: Map<string, CEnum> = new Map();
  readonly typedefs: Map<string, CType> = new Map();
  readonly #cursor: TokenCursor;
  readonly #report: (diagnostic: Diagnostic) => void;

  constructor(cursor: TokenCursor, report: (diagnostic: Diagnostic) => void) {
    this.#cursor = cursor;
    this.#report = report;
  }

  /** declaration* */
  parse(): void {
    while (this.#cursor.current !== undefined) {
      const { current } = this.#cursor;
      try {
        this.#declaration();
      } catch (fault) {
        if (!(fault instanceof SyntaxFault)) throw fault;
        this.#report(fault.diagnostic);
        this.#recover();
      }
      if (this.#cursor.current === current) this.#cursor.advance();
    }
  }

  /** type := specifiers abstract-declarator, as in a cast */
  typeName(): CType {
    const specifiers = this.#specifiers();
    return readDeclarator(this.#cursor, specifiers).type;
  }

  #recover(): void {
    const cursor = this.#cursor;
    while (cursor.braces > 0 && cursor.current !== undefined) cursor.advance();
    cursor.until([';']);
    cursor.accept(';');
  }

  /** declaration := ';' | static-assert | specifiers [declarator (',' declarator)*] (';' | '{' … '}') */
  #declaration(): void {
    const cursor = this.#cursor;
    if (cursor.accept(';')) return;
    if (this.#staticAssert()) return;
    const specifiers = this.#specifiers();
    if (cursor.accept(';')) return;
    do {
      const { name, type } = readDeclarator(cursor, specifiers);
      if (specifiers.typedef && name !== undefined) this.typedefs.set(name, type);
      if (cursor.at('{') && type.kind === 'function') {
        cursor.enclosed('{', '}');
        return;
      }
      if (cursor.accept('=')) cursor.until([',', ';']);
    } while (cursor.accept(','));
    if (!cursor.accept(';')) cursor.fail("expected ';' after top level declarator");
  }

  #staticAssert(): boolean {
    if (!this.#cursor.at('_Static_assert') && !this.#cursor.at('static_assert')) return false;
    this.#cursor.advance();
    this.#cursor.enclosed('(', ')');
    this.#cursor.accept(';');
    return true;
  }

  #specifiers(): Specifiers {
    const cursor = this.#cursor;
    const start = cursor.span;
    const words: string[] = [];
    let type: CType | undefined;
    let typedef = false;
    let user = false;
    let anonymous = false;
    let attributes = NO_ATTRIBUTES;
    for (;;) {
      attributes = readAttributes(cursor, attributes);
      const token = cursor.current;
      if (token?.kind !== 'identifier') break;
      const { text, span } = token;
      if (QUALIFIERS.has(text) || STORAGE.has(text) || text === '__user') {
        cursor.advance();
        typedef ||= text === 'typedef';
        user ||= text === '__user';
      } else if (BASE_WORDS.has(text)) {
        words.push(cursor.advance().text);
      } else if (text === 'struct' || text === 'union' || text === 'enum') {
        const before = this.composites.size + this.enums.size;
        type = this.#tagged(text);
        anonymous = type.kind === 'tagged' && type.name.startsWith('(') && text !== 'enum';
        if (this.composites.size + this.enums.size === before) anonymous = false;
      } else if (/^(?:__)?typeof(?:__|_unqual)?$/.test(text)) {
        cursor.fail(`'${text}' is not supported in C definitions`);
      } else if (type === undefined && words.length === 0) {
        cursor.advance();
        type = { kind: 'name', name: text, span };
      } else {
        break;
      }
    }
    if (words.length > 0) {
      const base = baseOf(words) ?? cursor.fail(`cannot combine '${words.join(' ')}'`, start);
      type ??= { kind: 'base', base };
    }
    type ??= cursor.fail('expected a type');
    return { type, typedef, attributes, user, anonymous };
  }

  /** ('struct' | 'union' | 'enum') [attributes] [name] ['{' … '}' [attributes]] */
  #tagged(tag: CTag): CType {
    const cursor = this.#cursor;
    cursor.advance();
    const attributes = readAttributes(cursor);
    const { span } = cursor;
    const named = cursor.current?.kind === 'identifier' ? cursor.advance().text : undefined;
    const underlying = tag === 'enum' && cursor.accept(':') ? this.typeName() : undefined;
    // Brackets cannot be in a name, so nothing else is called so.
    const count = this.composites.size + this.enums.size;
    const name = named ?? `(anonymous ${span.source.name}:${count}:${span.start})`;
    if (!cursor.at('{')) {
      if (named === undefined) cursor.fail("expected identifier or '{'");
      return { kind: 'tagged', tag, name, span };
    }
    if (tag === 'enum') this.#defineEnum(name, attributes, underlying, span);
    else this.#defineComposite(tag, name, attributes, span);
    return { kind: 'tagged', tag, name, span };
  }

  #defineComposite(tag: 'struct' | 'union', name: string, before: CAttributes, span: Span): void {
    const cursor = this.#cursor;
    const key = `${tag} ${name}`;
    const first = this.composites.get(key);
    if (first !== undefined) this.#report(redefined(span, name, first.span));
    cursor.expect('{');
    const members: CMember[] = [];
    while (!cursor.at('}')) {
      if (cursor.current === undefined) cursor.fail("expected '}'");
      members.push(...this.#members());
    }
    const { pack } = cursor;
    cursor.expect('}');
    const attributes = readAttributes(cursor, before);
    if (first === undefined)
      this.composites.set(key, { tag, name, members, attributes, pack, span });
  }

  /** members := ';' | static-assert | specifiers [declarator [':' width] (',' …)*] (';' | before '}') */
  #members(): readonly CMember[] {
    const cursor = this.#cursor;
    if (cursor.accept(';') || this.#staticAssert()) return [];
    const specifiers = this.#specifiers();
    const { type, anonymous, attributes } = specifiers;
    const members: CMember[] = [];
    if (cursor.at(';') || cursor.at('}')) {
      const { span } = cursor;
      if (anonymous) members.push({ name: undefined, type, bits: undefined, attributes, span });
    } else {
      do members.push(this.#member(specifiers));
      while (cursor.accept(','));
    }
    if (!cursor.at('}') && !cursor.accept(';')) {
      cursor.fail("expected ';' at end of declaration list");
    }
    return members;
  }

  #member(specifiers: Specifiers): CMember {
    const cursor = this.#cursor;
    const { span } = cursor;
    const declarator = cursor.at(':') ? undefined : readDeclarator(cursor, specifiers);
    const { name, nameSpan, type = specifiers.type } = declarator ?? {};
    const bits = cursor.accept(':') ? cursor.until([',', ';', '}', '__attribute__']) : undefined;
    if (name === undefined && bits === undefined) cursor.fail('expected member name', span);
    const before = declarator?.attributes ?? specifiers.attributes;
    const attributes = readAttributes(cursor, before);
    return { name, type, bits, attributes, span: nameSpan ?? span };
  }

  #defineEnum(name: string, before: CAttributes, underlying: CType | undefined, span: Span): void {
    const cursor = this.#cursor;
    const first = this.enums.get(name);
    if (first !== undefined) this.#report(redefined(span, name, first.span));
    cursor.expect('{');
    const enumerators = [];
    while (!cursor.at('}')) {
      const token = cursor.current;
      if (token?.kind !== 'identifier') return cursor.fail('expected identifier');
      cursor.advance();
      readAttributes(cursor);
      const value = cursor.accept('=') ? cursor.until([',', '}']) : undefined;
      enumerators.push({ name: token.text, value, span: token.span });
      if (!cursor.at('}')) cursor.expect(',');
    }
    cursor.expect('}');
    const attributes = readAttributes(cursor, before);
    if (first === undefined)
      this.enums.set(name, { name, enumerators, attributes, underlying, span });
  }
}
