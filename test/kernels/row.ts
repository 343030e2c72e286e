/** What one kernel does with one feature or suite: a cell of the table. */

export interface FeatureRow {
  readonly kind: 'feature';
  /** In the plural: `ring buffers`. */
  readonly name: string;
  readonly minimumKernel: string;
  readonly state: 'supported' | 'unsupported' | 'unknown';
}

export interface SuiteRow {
  readonly kind: 'suite';
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Tests that this kernel cannot run. */
  readonly unsupported: number;
  /** Why not, each reason once. */
  readonly reasons: readonly string[];
  /** What the failed tests printed. */
  readonly failures: string;
}

export type Row = FeatureRow | SuiteRow;

/** Rows travel over a VM's serial line, one a line, among whatever else is printed there. */
const MARK = '@row ';

export function rowLine(row: Row): string {
  return `${MARK}${JSON.stringify(row)}\n`;
}

/** The row of a line; undefined for any other line. */
export function readRow(line: string): Row | undefined {
  return line.startsWith(MARK) ? (JSON.parse(line.slice(MARK.length)) as Row) : undefined;
}

/** `12 passed, 1 unsupported` */
export function countsText({ passed, failed, unsupported }: SuiteRow): string {
  const counts = Object.entries({ passed, failed, unsupported }).filter(([, count]) => count > 0);
  return counts.map(([name, count]) => `${count} ${name}`).join(', ') || 'nothing run';
}
