/** What is wrong with a definition that somebody wrote, and where. */

export class DefinitionFault extends Error {
  override readonly name = 'DefinitionFault';
  /** With the text and a mark under the place. */
  readonly shown: string;

  constructor(what: string, text: string, from: number, to: number, option: string) {
    const length = Math.max(1, to - from);
    const shown = `${option}: ${what}\n${text}\n${' '.repeat(from)}${'~'.repeat(length)}`;
    super(shown);
    this.shown = shown;
  }
}
