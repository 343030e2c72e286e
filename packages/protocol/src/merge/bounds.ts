/**
 * What a receiver keeps of one host in one session at most, whatever the host sends: beyond that it is dropped, and
 * counted with the host. Large enough for what programs do, small enough that hosts cannot fill the memory.
 */

export interface Bounds {
  /** Keys of all its maps together. Those that are there go on being updated. */
  readonly keys: number;
  readonly names: number;
  /** UTF-16 units of all its names together. */
  readonly nameUnits: number;
  /** Printed items that wait to be put in order, by `WAITING_ITEM_UNITS` and their texts. */
  readonly waitingUnits: number;
  /** Entries of printed maps that wait for other hosts. */
  readonly printEntries: number;
  /** Runners, one after the other. */
  readonly runners: number;
}

/** What an item takes besides its text. */
export const WAITING_ITEM_UNITS = 100;

export const BOUNDS: Bounds = {
  keys: 1 << 18,
  names: 1 << 18,
  nameUnits: 1 << 25,
  waitingUnits: 1 << 26,
  printEntries: 1 << 19,
  runners: 1 << 10,
};

/** For the only host there is, which is this one. */
export const UNBOUNDED: Bounds = {
  keys: Infinity,
  names: Infinity,
  nameUnits: Infinity,
  waitingUnits: Infinity,
  printEntries: Infinity,
  runners: Infinity,
};
