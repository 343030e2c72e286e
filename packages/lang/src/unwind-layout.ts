/**
 * The tables by which `dw_ustack` finds callers, as the programs read them and the agent writes them. All integers are
 * little-endian.
 *
 *     unwind_mappings: u32 process → mapping[128], sorted by start, the rest with the highest start there is
 *     mapping: u64 start, u64 end, u64 what to subtract from an address, u32 first row, u32 rows
 *     unwind_rows: u32 block → row[4096]
 *     row: u32 address, s32 offset of the canonical frame address, s32 offset of the saved frame pointer from it, u32 flags
 */
export const UNWIND: {
  readonly mappingsPerProcess: number;
  readonly mappingBytes: number;
  readonly rowsPerBlock: number;
  readonly rowBytes: number;
  readonly maxRows: number;
  readonly processes: number;
  readonly noStart: bigint;
  readonly flags: Readonly<Record<'baseIsBp' | 'savesBp' | 'unknown' | 'outermost', number>>;
} = {
  mappingsPerProcess: 128,
  mappingBytes: 32,
  /** A power of two. */
  rowsPerBlock: 4096,
  rowBytes: 16,
  /** Rows of one file: a power of two. */
  maxRows: 2 ** 22,
  processes: 64,
  /** Has a start above all addresses. */
  noStart: 2n ** 63n - 1n,
  flags: { baseIsBp: 1, savesBp: 2, unknown: 4, outermost: 8 },
};
