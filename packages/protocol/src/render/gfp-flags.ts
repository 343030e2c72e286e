/**
 * Allocation flags by name (`%gr`): bits of include/linux/gfp_types.h, names and their order of
 * `__def_gfpflag_names` in include/trace/events/mmflags.h (Linux 6.14).
 */

const GFP = {
  DMA: 1n << 0n,
  HIGHMEM: 1n << 1n,
  DMA32: 1n << 2n,
  MOVABLE: 1n << 3n,
  HIGH: 1n << 5n,
  IO: 1n << 6n,
  FS: 1n << 7n,
  ZERO: 1n << 8n,
  DIRECT_RECLAIM: 1n << 10n,
  KSWAPD_RECLAIM: 1n << 11n,
  WRITE: 1n << 12n,
  NOWARN: 1n << 13n,
  RETRY_MAYFAIL: 1n << 14n,
  NOFAIL: 1n << 15n,
  NORETRY: 1n << 16n,
  MEMALLOC: 1n << 17n,
  COMP: 1n << 18n,
  NOMEMALLOC: 1n << 19n,
  HARDWALL: 1n << 20n,
  THISNODE: 1n << 21n,
  ACCOUNT: 1n << 22n,
  ZEROTAGS: 1n << 23n,
  SKIP_ZERO: 1n << 24n,
  SKIP_KASAN: 1n << 25n,
  NO_OBJ_EXT: 1n << 26n,
} as const;

const RECLAIM = GFP.DIRECT_RECLAIM | GFP.KSWAPD_RECLAIM;
const KERNEL = RECLAIM | GFP.IO | GFP.FS;
const USER = KERNEL | GFP.HARDWALL;
const HIGHUSER = USER | GFP.HIGHMEM;
const HIGHUSER_MOVABLE = HIGHUSER | GFP.MOVABLE | GFP.SKIP_KASAN;
const TRANSHUGE_LIGHT = (HIGHUSER_MOVABLE | GFP.COMP | GFP.NOMEMALLOC | GFP.NOWARN) & ~RECLAIM;

/** Compound names come first; what they leave over is named bit by bit. */
const NAMES: readonly (readonly [string, bigint])[] = [
  ['GFP_TRANSHUGE', TRANSHUGE_LIGHT | GFP.DIRECT_RECLAIM],
  ['GFP_TRANSHUGE_LIGHT', TRANSHUGE_LIGHT],
  ['GFP_HIGHUSER_MOVABLE', HIGHUSER_MOVABLE],
  ['GFP_HIGHUSER', HIGHUSER],
  ['GFP_USER', USER],
  ['GFP_KERNEL_ACCOUNT', KERNEL | GFP.ACCOUNT],
  ['GFP_KERNEL', KERNEL],
  ['GFP_NOFS', RECLAIM | GFP.IO],
  ['GFP_ATOMIC', GFP.HIGH | GFP.KSWAPD_RECLAIM],
  ['GFP_NOIO', RECLAIM],
  ['GFP_NOWAIT', GFP.KSWAPD_RECLAIM | GFP.NOWARN],
  ['GFP_DMA', GFP.DMA],
  ['__GFP_HIGHMEM', GFP.HIGHMEM],
  ['GFP_DMA32', GFP.DMA32],
  ['__GFP_HIGH', GFP.HIGH],
  ['__GFP_IO', GFP.IO],
  ['__GFP_FS', GFP.FS],
  ['__GFP_ZERO', GFP.ZERO],
  ['__GFP_DIRECT_RECLAIM', GFP.DIRECT_RECLAIM],
  ['__GFP_KSWAPD_RECLAIM', GFP.KSWAPD_RECLAIM],
  ['__GFP_WRITE', GFP.WRITE],
  ['__GFP_NOWARN', GFP.NOWARN],
  ['__GFP_RETRY_MAYFAIL', GFP.RETRY_MAYFAIL],
  ['__GFP_NOFAIL', GFP.NOFAIL],
  ['__GFP_NORETRY', GFP.NORETRY],
  ['__GFP_MEMALLOC', GFP.MEMALLOC],
  ['__GFP_COMP', GFP.COMP],
  ['__GFP_NOMEMALLOC', GFP.NOMEMALLOC],
  ['__GFP_HARDWALL', GFP.HARDWALL],
  ['__GFP_THISNODE', GFP.THISNODE],
  ['__GFP_ACCOUNT', GFP.ACCOUNT],
  ['__GFP_ZEROTAGS', GFP.ZEROTAGS],
  ['__GFP_SKIP_ZERO', GFP.SKIP_ZERO],
  ['__GFP_SKIP_KASAN', GFP.SKIP_KASAN],
  ['__GFP_NO_OBJ_EXT', GFP.NO_OBJ_EXT],
];

/** `0`, or names joined by `|`; bits without a name come last, in hexadecimal. */
export function gfpFlagsText(flags: bigint): string {
  if (flags === 0n) return '0';
  const texts: string[] = [];
  let rest = flags;
  for (const [name, bits] of NAMES) {
    if ((rest & bits) !== bits) continue;
    texts.push(name);
    rest &= ~bits;
  }
  if (rest !== 0n) texts.push(`0x${rest.toString(16)}`);
  return texts.join('|');
}
