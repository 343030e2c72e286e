/** The macros in force at one place of a text: those defined so far, and, once a known header is included, its own. */
import type { CMacro } from './c-macro.ts';
import type { Macros } from './macro-expander.ts';

export class MacroTable implements Macros {
  readonly #defined: Map<string, CMacro | undefined>;
  #known: Macros = new Map();

  constructor(predefined: ReadonlyMap<string, CMacro>) {
    this.#defined = new Map(predefined);
  }

  get(name: string): CMacro | undefined {
    return this.#defined.has(name) ? this.#defined.get(name) : this.#known.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(macro: CMacro): void {
    this.#defined.set(macro.name, macro);
  }

  /** Takes a macro back, one of a known header too. */
  delete(name: string): void {
    this.#defined.set(name, undefined);
  }

  /** Whether the text took the name back. */
  isTakenBack(name: string): boolean {
    return this.#defined.has(name) && this.#defined.get(name) === undefined;
  }

  addKnown(macros: Macros): void {
    this.#known = macros;
  }
}
