/** Reads a definition word by word, and marks the word that is wrong. */
import { DefinitionFault } from './definition-fault.ts';

export interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export class DefinitionReader {
  readonly text: string;
  readonly #option: string;
  #at = 0;

  /** @param option as which it was given: `--span` */
  constructor(text: string, option: string) {
    this.text = text;
    this.#option = option;
  }

  /** Up to the next white space that is in no quotes or parentheses; empty at the end. */
  word(): Word {
    const { text } = this;
    while (/\s/.test(text[this.#at] ?? 'x')) this.#at += 1;
    const from = this.#at;
    let quoted = false;
    let depth = 0;
    for (; this.#at < text.length; this.#at += 1) {
      const character = text[this.#at] ?? '';
      if (character === '"') quoted = !quoted;
      if (!quoted && character === '(') depth += 1;
      if (!quoted && character === ')') depth -= 1;
      if (!quoted && depth <= 0 && /\s/.test(character)) break;
    }
    return { text: text.slice(from, this.#at), from, to: this.#at };
  }

  /** Looks at the next word without taking it. */
  peek(): Word {
    const at = this.#at;
    const word = this.word();
    this.#at = at;
    return word;
  }

  fault(what: string, { from, to }: Pick<Word, 'from' | 'to'>): DefinitionFault {
    return new DefinitionFault(what, this.text, from, to, this.#option);
  }
}
