/** How the tables lie: on one server, or shared out over the shards and replicas of a cluster. */

export interface StoreForm {
  /** What does the same as a statement of one server; of the kinds that migrations and this folder use. */
  spread(statement: string): readonly string[];
  /** The table that has the rows of a table, which can be another one that passes questions on. */
  rowsOf(table: string): string;
  /** Has done when every copy of a table has all of its rows. */
  caughtUp(table: string): readonly string[];
  /** What every connection is to be told. */
  readonly settings: Readonly<Record<string, string | number>>;
}

export const ONE_SERVER: StoreForm = {
  spread: (statement) => [statement],
  rowsOf: (table) => table,
  caughtUp: () => [],
  settings: {},
};
