/**
 * Macros that are there before the first line: those of the compiler, and what the kernel's headers say about layouts,
 * so that definitions copied from them mean the same.
 */
import { Source } from '../source.ts';
import type { Target } from '../target.ts';
import { tokenizeC } from './c-lexer.ts';
import { readMacro } from './c-macro.ts';
import type { CMacro } from './c-macro.ts';

const COMMON = `
__STDC__ 1
__STDC_VERSION__ 201710L
__STDC_HOSTED__ 1
__clang__ 1
__GNUC__ 4
__GNUC_MINOR__ 2
__linux__ 1
__linux 1
__gnu_linux__ 1
__unix__ 1
__unix 1
__ELF__ 1
__LP64__ 1
_LP64 1
__KERNEL__ 1
__BPF_TRACING__ 1
__CHAR_BIT__ 8
__SIZEOF_INT__ 4
__SIZEOF_SHORT__ 2
__SIZEOF_LONG__ 8
__SIZEOF_LONG_LONG__ 8
__SIZEOF_POINTER__ 8
__SIZEOF_SIZE_T__ 8
__ORDER_LITTLE_ENDIAN__ 1234
__ORDER_BIG_ENDIAN__ 4321
__BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__
__LITTLE_ENDIAN 1234
__LITTLE_ENDIAN_BITFIELD 1
__INT_MAX__ 2147483647
__LONG_MAX__ 9223372036854775807L
CONFIG_64BIT 1
CONFIG_SMP 1
CONFIG_BPF 1
CONFIG_NET 1
CONFIG_MMU 1
BITS_PER_LONG 64
__BITS_PER_LONG 64
BITS_PER_BYTE 8
__packed __attribute__((packed))
__aligned(x) __attribute__((aligned(x)))
__aligned_u64 __u64 __attribute__((aligned(8)))
____cacheline_aligned __attribute__((aligned(64)))
____cacheline_aligned_in_smp __attribute__((aligned(64)))
____cacheline_internodealigned_in_smp __attribute__((aligned(64)))
__deprecated
__counted_by(member)
__guarded_by(lock)
randomized_struct_fields_start struct {
randomized_struct_fields_end };
KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
BIT(n) (1UL << (n))
BIT_ULL(n) (1ULL << (n))
GENMASK(h,l) (((~0UL) << (l)) & (~0UL >> (63 - (h))))
DECLARE_BITMAP(name,bits) unsigned long name[((bits) + 63) / 64]
DECLARE_FLEX_ARRAY(type,name) struct { struct { } __empty_ ## name; type name[]; }
`;

const OF_ARCH: Readonly<Record<Target['arch'], string>> = {
  x86_64: `
__x86_64__ 1
__x86_64 1
__amd64__ 1
__amd64 1
CONFIG_X86 1
CONFIG_X86_64 1
`,
  arm64: `
__aarch64__ 1
__AARCH64EL__ 1
__CHAR_UNSIGNED__ 1
CONFIG_ARM64 1
`,
};

const made = new Map<string, ReadonlyMap<string, CMacro>>();

export interface PreludeTarget {
  readonly arch: Target['arch'];
  readonly kernelRelease: string;
  readonly pageSize: number;
  /** Tools written for kernels with and without BTF ask for this. */
  readonly hasBtf: boolean;
}

export function preludeMacros({
  arch,
  kernelRelease,
  pageSize,
  hasBtf,
}: PreludeTarget): ReadonlyMap<string, CMacro> {
  const text = `${COMMON}${OF_ARCH[arch]}
LINUX_VERSION_CODE ${versionCode(kernelRelease)}
PAGE_SIZE ${pageSize}
PAGE_SHIFT ${Math.log2(pageSize)}
PAGE_MASK (~(PAGE_SIZE - 1))
UTS_RELEASE "${kernelRelease}"
${hasBtf ? 'BPFTRACE_HAVE_BTF 1\n_LINUX_TYPES_H 1' : ''}
`;
  const known = made.get(text);
  if (known !== undefined) return known;
  const macros = readMacros(text);
  made.set(text, macros);
  return macros;
}

/** One macro a line. */
function readMacros(text: string): ReadonlyMap<string, CMacro> {
  const macros = new Map<string, CMacro>();
  for (const line of text.split('\n')) {
    const macro = readMacroLine('prelude', line);
    if (macro !== undefined) macros.set(macro.name, macro);
  }
  return macros;
}

/** What stands behind `#define`. */
export function readMacroLine(name: string, line: string): CMacro | undefined {
  const macro = readMacro(tokenizeC(new Source(name, line), 0, line.length));
  return 'fault' in macro ? undefined : macro;
}

/** As in <linux/version.h>. */
function versionCode(release: string): number {
  const [major = 0, minor = 0, patch = 0] = release.split(/[^\d]+/, 3).map(Number);
  return (major << 16) + (minor << 8) + Math.min(patch, 255);
}
