/** How the maps of several hosts become one. */

/**
 * `meaning`: keys that mean something on one host only, and plain values, keep their host; all others merge.
 * `host`: every key keeps its host. `all`: every key merges, also those that were told apart by their meaning; plain
 * values still keep their host, since there is no sum of them.
 */
export type MergeMode = 'meaning' | 'host' | 'all';

export const MERGE_MODES: readonly MergeMode[] = ['meaning', 'host', 'all'];
