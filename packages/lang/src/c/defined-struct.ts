/** A struct that a program defines. Its fields are made when first asked for, because structs refer to themselves. */
import type { Field, Struct } from '../types/type.ts';
import type { Measure } from './composite-layout.ts';

export class DefinedStruct implements Struct {
  readonly name: string;
  readonly #measure: () => Measure;
  readonly #read: () => readonly Field[];
  #fields: readonly Field[] | undefined;

  constructor(name: string, measure: () => Measure, read: () => readonly Field[]) {
    this.name = name;
    this.#measure = measure;
    this.#read = read;
  }

  get size(): number {
    return this.#measure().size;
  }

  get align(): number {
    return this.#measure().align;
  }

  get fields(): readonly Field[] {
    this.#fields ??= this.#read();
    return this.#fields;
  }
}
