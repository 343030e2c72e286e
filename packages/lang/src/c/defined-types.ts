/** The C types that a program defines, upon those of the machine: names looked up, constants evaluated, structs laid out. */
import { badLayout, incompleteField, unknownCType } from '../diagnostics/messages/c.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../source.ts';
import { SyntaxFault } from '../syntax/syntax-fault.ts';
import type { Target } from '../target.ts';
import { arrayOf } from '../types/btf-types.ts';
import type { Constant, CTypes } from '../types/c-types.ts';
import { alignOfType, sizeOfType } from '../types/layout.ts';
import { pointer, VOID } from '../types/scalars.ts';
import type { AddressSpace, Field, Struct, Type } from '../types/type.ts';
import { baseType } from './base-types.ts';
import type { CAttributes, CComposite, CDeclarations, CMember, CType } from './c-type.ts';
import type { CToken } from './c-token.ts';
import { BASE_WORDS, QUALIFIERS } from './c-words.ts';
import { layOutComposite } from './composite-layout.ts';
import type { CompositeLayout, LaidMember, Measure } from './composite-layout.ts';
import { evaluateConstant } from './constant-expression.ts';
import type { CastTarget } from './constant-expression.ts';
import { DeclarationParser } from './declaration-parser.ts';
import { DefinedEnums } from './defined-enums.ts';
import { DefinedStruct } from './defined-struct.ts';
import { standardType } from './standard-types.ts';
import type { TokenCursor } from './token-cursor.ts';

/** What a machine aligns at most, for `aligned` without a number. */
const MAX_ALIGN = 16;
const POINTER: Measure = { size: 8, align: 8 };
const NO_LAYOUT: CompositeLayout = { size: 0, align: 1, members: [] };

export class DefinedTypes implements CTypes {
  readonly #declarations: CDeclarations;
  readonly #below: CTypes;
  readonly #arch: Target['arch'];
  readonly #enums: DefinedEnums;
  readonly #layouts = new Map<string, CompositeLayout>();
  readonly #structs = new Map<string, Struct>();
  /** Structs whose layout is being made, which cannot be members of themselves. */
  readonly #open = new Set<CComposite>();
  /** Typedefs being followed: a name within itself means what it means on the machine. */
  readonly #followed = new Set<string>();

  /** Evaluates all enumerators and lays all structs out, and reports what is wrong with them. */
  constructor(
    declarations: CDeclarations,
    below: CTypes,
    arch: Target['arch'],
    report: (diagnostic: Diagnostic) => void,
  ) {
    this.#declarations = declarations;
    this.#below = below;
    this.#arch = arch;
    const guard = (run: () => void): void => {
      try {
        run();
      } catch (fault) {
        if (!(fault instanceof SyntaxFault)) throw fault;
        report(fault.diagnostic);
      }
    };
    const evaluate = (tokens: readonly CToken[], at: Span): bigint => this.#evaluate(tokens, at);
    this.#enums = new DefinedEnums(evaluate, (type, at) => this.#measure(type, at));
    for (const each of declarations.enums.values()) guard(() => this.#enums.define(each));
    for (const [key, composite] of declarations.composites) {
      // What is reported must not fail again where it is used.
      let sound = false;
      guard(() => {
        this.#check(key, composite);
        sound = true;
      });
      if (!sound) this.#layouts.set(key, NO_LAYOUT);
    }
  }

  named(name: string, space: AddressSpace): Type | undefined {
    if (!name.includes(' ')) return this.#follow(name, (type) => this.#type(type, space));
    if (name.startsWith('enum ')) return this.#enums.named(name.slice('enum '.length));
    const composite = this.#declarations.composites.get(name);
    return composite === undefined ? undefined : this.#struct(name, composite, space);
  }

  constant(name: string): Constant | undefined {
    return this.#enums.constant(name);
  }

  *names(): Iterable<string> {
    yield* this.#declarations.composites.keys();
    for (const name of this.#declarations.enums.keys()) yield `enum ${name}`;
    yield* this.#declarations.typedefs.keys();
  }

  #type(type: CType, space: AddressSpace): Type {
    switch (type.kind) {
      case 'base':
        return baseType(type.base, this.#arch).type;
      case 'name':
        return this.#typeByName(type.name, space) ?? unknown(type.span, type.name);
      case 'tagged': {
        const key = `${type.tag} ${type.name}`;
        return this.#tagged(key, space) ?? this.#undefinedStruct(key, space);
      }
      case 'pointer': {
        const inner = type.user ? 'user' : space;
        return pointer(this.#type(type.target, inner), inner);
      }
      case 'array': {
        const length = this.#length(type);
        const element = this.#type(type.element, space);
        return this.#isChar(type.element)
          ? arrayOf(element, length, space)
          : { kind: 'array', element, length, space };
      }
      case 'function':
        return VOID;
    }
  }

  #tagged(key: string, space: AddressSpace): Type | undefined {
    return this.named(key, space) ?? this.#below.named(key, space);
  }

  #typeByName(name: string, space: AddressSpace): Type | undefined {
    const base = standardType(name);
    return (
      this.named(name, space) ??
      this.#below.named(name, space) ??
      (base === undefined ? undefined : baseType(base, this.#arch).type)
    );
  }

  /** Behind a pointer a struct may be unknown. */
  #undefinedStruct(name: string, space: AddressSpace): Type {
    return { kind: 'struct', struct: { name, size: 0, fields: [] }, space };
  }

  /** Text is what is declared as `char`; bytes of any other name are numbers. */
  #isChar(type: CType): boolean {
    if (type.kind === 'base') return type.base === 'char';
    return (
      type.kind === 'name' && this.#follow(type.name, (aliased) => this.#isChar(aliased)) === true
    );
  }

  #struct(key: string, composite: CComposite, space: AddressSpace): Type {
    const cached = this.#structs.get(`${space} ${key}`);
    const struct =
      cached ??
      new DefinedStruct(
        key,
        () => this.#layout(key, composite),
        () => this.#fields(this.#layout(key, composite).members, 0, space),
      );
    this.#structs.set(`${space} ${key}`, struct);
    return { kind: 'struct', struct, space };
  }

  /** The members of anonymous members are members of the struct around them. */
  #fields(members: readonly LaidMember[], base: number, space: AddressSpace): readonly Field[] {
    return members.flatMap(({ member, offset: within, bitfield }): readonly Field[] => {
      const offset = base + within;
      const { name, type } = member;
      if (name !== undefined) {
        const field = { name, offset, type: this.#type(type, space) };
        return [bitfield === undefined ? field : { ...field, bitfield }];
      }
      const key = type.kind === 'tagged' ? `${type.tag} ${type.name}` : '';
      const inner = this.#declarations.composites.get(key);
      return inner === undefined
        ? []
        : this.#fields(this.#layout(key, inner).members, offset, space);
    });
  }

  /** A fault in a field's type shows with the definition, not first where the field is used. */
  #check(key: string, composite: CComposite): void {
    this.#layout(key, composite);
    for (const { type } of composite.members) this.#type(type, 'kernel');
  }

  #layout(key: string, composite: CComposite): CompositeLayout {
    const known = this.#layouts.get(key);
    if (known !== undefined) return known;
    this.#open.add(composite);
    try {
      const layout = layOutComposite(composite, {
        arch: this.#arch,
        measure: (type, member) => this.#measure(type, member.span),
        width: (member, unitBits) => this.#width(member, unitBits),
        aligned: (attributes) => this.#aligned(attributes, composite.span),
      });
      this.#layouts.set(key, layout);
      return layout;
    } finally {
      this.#open.delete(composite);
    }
  }

  #measure(type: CType, at: Span): Measure {
    switch (type.kind) {
      case 'base': {
        const { size } = baseType(type.base, this.#arch);
        return { size, align: size };
      }
      case 'pointer':
        return POINTER;
      case 'array': {
        const { size, align } = this.#measure(type.element, at);
        return { size: size * this.#length(type), align };
      }
      case 'function':
        throw new SyntaxFault(badLayout(at, 'field declared as a function'));
      case 'name':
        return this.#measureName(type.name, type.span, at);
      case 'tagged': {
        const key = `${type.tag} ${type.name}`;
        const composite = this.#declarations.composites.get(key);
        if (composite !== undefined) {
          if (this.#open.has(composite)) throw new SyntaxFault(incompleteField(at, key));
          return this.#layout(key, composite);
        }
        const found = this.#tagged(key, 'kernel');
        if (found === undefined) throw new SyntaxFault(incompleteField(at, key));
        return { size: sizeOfType(found), align: alignOfType(found) };
      }
    }
  }

  #measureName(name: string, span: Span, at: Span): Measure {
    const own = this.#follow(name, (type) => this.#measure(type, at));
    if (own !== undefined) return own;
    const found = this.#typeByName(name, 'kernel') ?? unknown(span, name);
    return { size: sizeOfType(found), align: alignOfType(found) };
  }

  /** What the program's typedef of this name makes of the type it stands for. */
  #follow<Result>(name: string, use: (type: CType) => Result): Result | undefined {
    const type = this.#declarations.typedefs.get(name);
    if (type === undefined || this.#followed.has(name)) return undefined;
    this.#followed.add(name);
    try {
      return use(type);
    } finally {
      this.#followed.delete(name);
    }
  }

  #length({ length, span }: Extract<CType, { kind: 'array' }>): number {
    if (length.length === 0) return 0;
    const value = this.#evaluate(length, span);
    if (value < 0n) throw new SyntaxFault(badLayout(span, 'array with a negative size'));
    if (value > 0xffff_ffffn) throw new SyntaxFault(badLayout(span, 'array is too large'));
    return Number(value);
  }

  #width({ bits, name, span }: CMember, unitBits: number): number | undefined {
    if (bits === undefined) return undefined;
    const width = this.#evaluate(bits, span);
    const what = name === undefined ? 'anonymous bit-field' : `bit-field '${name}'`;
    if (width < 0n) throw new SyntaxFault(badLayout(span, `${what} has negative width (${width})`));
    if (width > BigInt(unitBits)) {
      const why = `width of ${what} (${width} bits) exceeds the width of its type (${unitBits} bits)`;
      throw new SyntaxFault(badLayout(span, why));
    }
    if (width === 0n && name !== undefined)
      throw new SyntaxFault(badLayout(span, `named ${what} has zero width`));
    return Number(width);
  }

  #aligned({ aligned }: CAttributes, at: Span): number {
    return aligned.reduce((most, tokens) => {
      const align = tokens.length === 0 ? MAX_ALIGN : Number(this.#evaluate(tokens, at));
      const isPower = align > 0 && align <= 2 ** 28 && Number.isInteger(Math.log2(align));
      if (!isPower) throw new SyntaxFault(badLayout(at, 'requested alignment is not a power of 2'));
      return Math.max(most, align);
    }, 1);
  }

  #evaluate(tokens: readonly CToken[], at: Span): bigint {
    return evaluateConstant(tokens, at, {
      constant: (name) => (this.#enums.constant(name) ?? this.#below.constant(name))?.value,
      typeAt: (cursor) => this.#typeAt(cursor),
    });
  }

  #typeAt(cursor: TokenCursor): CastTarget | undefined {
    const { current } = cursor;
    if (current?.kind !== 'identifier' || !this.#startsType(current.text)) return undefined;
    const type = new DeclarationParser(cursor, () => {}).typeName();
    const known = this.#type(type, 'kernel');
    const signed = 'signed' in known && known.signed;
    return { ...this.#measure(type, current.span), signed };
  }

  #startsType(word: string): boolean {
    if (/^(?:struct|union|enum)$/.test(word) || BASE_WORDS.has(word) || QUALIFIERS.has(word))
      return true;
    return (
      this.#enums.constant(word) === undefined && this.#typeByName(word, 'kernel') !== undefined
    );
  }
}

function unknown(span: Span, name: string): never {
  throw new SyntaxFault(unknownCType(span, name, []));
}
