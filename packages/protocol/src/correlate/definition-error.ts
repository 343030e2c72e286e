/** A definition of a span or join that cannot be read: where, and what is wrong. */

export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';

  /**
   * @param option such as `--span`
   * @param at offset in the text
   */
  constructor(option: string, text: string, at: number, message: string) {
    const before = `${option} '`;
    const marker = `${' '.repeat(before.length + at)}^`;
    super(`${before}${text}'\n${marker}\n${message}`);
  }
}
