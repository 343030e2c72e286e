/** One change of the tables. */

export interface Migration {
  /** Counts from 1 without gaps. */
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
}
