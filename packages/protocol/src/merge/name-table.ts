/** Names that one runner has told, by their type and bytes; bounded, since hosts send what they like. */
import type { HostName } from '../frame/frame.ts';
import type { NameLookup } from '../value/decode.ts';
import { BOUNDS, type Bounds } from './bounds.ts';
import { idOf } from './byte-id.ts';

export class NameTable {
  readonly #bounds: Pick<Bounds, 'names' | 'nameUnits'>;
  readonly #texts = new Map<string, readonly string[]>();
  #units = 0;
  #refused = 0;

  constructor(bounds: Pick<Bounds, 'names' | 'nameUnits'> = BOUNDS) {
    this.#bounds = bounds;
  }

  /** How many did not fit. */
  get refused(): number {
    return this.#refused;
  }

  add(names: readonly HostName[]): void {
    for (const { type, id, text } of names) {
      const key = `${type}:${idOf(id)}`;
      const before = this.#texts.get(key);
      const units = this.#units + sizeOf(key, text) - (before ? sizeOf(key, before) : 0);
      if (
        units > this.#bounds.nameUnits ||
        (before === undefined && this.#texts.size >= this.#bounds.names)
      ) {
        this.#refused += 1;
        continue;
      }
      this.#units = units;
      this.#texts.set(key, text);
    }
  }

  readonly lookup: NameLookup = (type, id) => this.#texts.get(`${type}:${idOf(id)}`);
}

function sizeOf(key: string, text: readonly string[]): number {
  return text.reduce((sum, line) => sum + line.length, key.length);
}
