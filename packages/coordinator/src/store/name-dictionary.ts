/** Names that one runner of a host has given so far. */
import type { HostName, NameLookup } from '@bpfleet/protocol';
import { hex } from './value-columns.ts';

export class NameDictionary {
  readonly #texts = new Map<string, readonly string[]>();

  add(names: readonly HostName[]): void {
    for (const { type, id, text } of names) this.#texts.set(`${type} ${hex(id)}`, text);
  }

  readonly lookup: NameLookup = (type, id) => this.#texts.get(`${type} ${hex(id)}`);
}
