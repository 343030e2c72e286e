/** The C rule of declarators: a type is written around the name it declares, from the inside out. */
import type { Btf } from './btf.ts';
import type { BtfFunctionPrototype, BtfQualifier, BtfType } from './type.ts';
import { VisitBudget } from './visit-budget.ts';

/** How a type at the core of a declaration is written: by name, or with its members. */
export type PrintCore = (type: BtfType) => string;

/** @throws BtfError for a type that refers to itself. */
export function declare(btf: Btf, type: BtfType, name: string, core: PrintCore): string {
  return new Declarator(btf, core).wrap(type, name);
}

/** `struct task_struct`, `unsigned int`; an anonymous composite shows as `struct { ... }`. */
export function coreName(type: BtfType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'struct':
    case 'union':
    case 'enum':
      return `${type.kind} ${type.name === '' ? '{ ... }' : type.name}`;
    case 'fwd':
      return `${type.of} ${type.name}`;
    case 'int':
    case 'float':
    case 'typedef':
    case 'var':
    case 'datasec':
    case 'decl_tag':
      return type.name;
    default:
      return '';
  }
}

class Declarator {
  readonly #btf: Btf;
  readonly #core: PrintCore;
  readonly #budget = new VisitBudget();

  constructor(btf: Btf, core: PrintCore) {
    this.#btf = btf;
    this.#core = core;
  }

  /** Writes `type` around `inner`, the part of the declaration that is known so far. */
  wrap(type: BtfType, inner: string): string {
    return this.#budget.visit(() => this.#wrapOnce(type, inner));
  }

  #wrapOnce(type: BtfType, inner: string): string {
    switch (type.kind) {
      case 'ptr': {
        const target = this.#btf.typeById(type.type);
        const star = inner.startsWith('(') ? `* ${inner}` : `*${inner}`;
        const binds = target.kind === 'func_proto' || target.kind === 'array';
        return this.wrap(target, binds ? `(${star})` : star);
      }
      case 'array':
        return this.wrap(this.#btf.typeById(type.element), `${inner}[${type.length}]`);
      case 'func_proto': {
        const result = this.#btf.typeById(type.returnType);
        return this.wrap(result, `${inner}(${this.#parameters(type)})`);
      }
      case 'func':
        return this.wrap(this.#btf.typeById(type.type), type.name);
      case 'type_tag':
        return this.wrap(this.#btf.typeById(type.type), inner);
      case 'const':
      case 'volatile':
      case 'restrict':
        return this.#qualify(type, inner);
      default:
        return joined(this.#core(type), inner);
    }
  }

  /**
   * A qualifier of a pointer goes behind its star, any other before the whole. That of an array is repeated on its
   * elements, where it belongs.
   */
  #qualify(type: BtfQualifier, inner: string): string {
    const target = this.#btf.typeById(type.type);
    if (target.kind === 'ptr') return this.wrap(target, joined(` ${type.kind}`, inner));
    const whole = this.wrap(target, inner);
    return target.kind === 'array' ? whole : `${type.kind} ${whole}`;
  }

  #parameters({ params, variadic }: BtfFunctionPrototype): string {
    const texts = params.map(({ type, name }) => this.wrap(this.#btf.typeById(type), name));
    if (variadic) texts.push('...');
    return texts.length === 0 ? 'void' : texts.join(', ');
  }
}

/** Brackets stand right behind a type's name, everything else after a space. */
function joined(core: string, inner: string): string {
  return inner === '' || inner.startsWith('[') ? `${core}${inner}` : `${core} ${inner}`;
}
