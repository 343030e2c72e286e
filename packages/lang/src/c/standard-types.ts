/** Typedefs of the C library and of the kernel that programs use without declaring them, for machines without BTF too. */
import type { CBase } from './c-type.ts';

const SPELLED: Readonly<Record<CBase, string>> = {
  void: '',
  bool: '',
  char: '',
  'signed char': 'int8_t s8 __s8 int_least8_t int_fast8_t',
  'unsigned char': 'uint8_t u8 __u8 u_char unchar u_int8_t uint_least8_t uint_fast8_t cc_t',
  short: 'int16_t s16 __s16 int_least16_t',
  'unsigned short': `uint16_t u16 __u16 __le16 __be16 __sum16 u_short ushort u_int16_t uint_least16_t umode_t
    sa_family_t __kernel_sa_family_t in_port_t`,
  int: `int32_t s32 __s32 int_least32_t pid_t __kernel_pid_t key_t clockid_t timer_t mqd_t wchar_t
    __kernel_key_t id_t sig_atomic_t`,
  'unsigned int': `uint32_t u32 __u32 __le32 __be32 __wsum u_int uint u_int32_t uint_least32_t uid_t gid_t
    dev_t gfp_t fmode_t mode_t slab_flags_t __poll_t socklen_t in_addr_t nlink_t qid_t blk_mode_t
    tcflag_t speed_t useconds_t projid_t`,
  long: `int64_t s64 __s64 ssize_t off_t loff_t time_t time64_t ktime_t intptr_t ptrdiff_t clock_t
    suseconds_t int_fast16_t int_fast32_t int_fast64_t intmax_t int_least64_t blksize_t blkcnt64_t`,
  'unsigned long': `uint64_t u64 __u64 __le64 __be64 size_t u_long ulong u_int64_t uintptr_t sector_t
    blkcnt_t pgoff_t phys_addr_t dma_addr_t resource_size_t uint_fast16_t uint_fast32_t uint_fast64_t
    uintmax_t uint_least64_t ino_t rlim_t pthread_t fsblkcnt_t fsfilcnt_t aligned_u64 __aligned_u64`,
  __int128: '',
  'unsigned __int128': '',
  float: '',
  double: '',
  'long double': '',
};

const BASES: ReadonlyMap<string, CBase> = new Map(
  (Object.entries(SPELLED) as [CBase, string][]).flatMap(([base, names]) =>
    names
      .split(/\s+/)
      .filter((name) => name !== '')
      .map((name): [string, CBase] => [name, base]),
  ),
);

export function standardType(name: string): CBase | undefined {
  return BASES.get(name);
}
