/** The words of a declaration in C, by what they do. */
import type { CBase } from './c-type.ts';

/** Say nothing about the layout. `__user` and its like are the kernel's. */
export const QUALIFIERS: ReadonlySet<string> = new Set([
  'const',
  '__const',
  '__const__',
  'volatile',
  '__volatile',
  '__volatile__',
  'restrict',
  '__restrict',
  '__restrict__',
  '_Atomic',
  '__extension__',
  '_Nullable',
  '_Nonnull',
  '__kernel',
  '__iomem',
  '__percpu',
  '__rcu',
  '__force',
  '__bitwise',
  '__bitwise__',
  '__nocast',
  '__safe',
  '__private',
  '__cond_lock',
  '__must_check',
  '__always_unused',
  '__maybe_unused',
  '__read_mostly',
  '__randomize_layout',
  '__no_randomize_layout',
  '__designated_init',
  '__latent_entropy',
  '__init',
  '__exit',
]);

export const STORAGE: ReadonlySet<string> = new Set([
  'typedef',
  'extern',
  'static',
  'inline',
  '__inline',
  '__inline__',
  'register',
  'auto',
  '_Noreturn',
  '_Thread_local',
  '__thread',
  'constexpr',
  '__always_inline',
]);

export const BASE_WORDS: ReadonlySet<string> = new Set([
  'void',
  'bool',
  '_Bool',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  '__signed',
  '__signed__',
  'unsigned',
  '__int128',
  '__int128_t',
  '__uint128_t',
  '_Float16',
  '_Float32',
  '_Float32x',
  '_Float64',
  '_Float64x',
  '_Float128',
  '__float128',
  '_Complex',
  '__complex__',
  '__builtin_va_list',
]);

const SPELLINGS: Readonly<Record<string, CBase>> = {
  void: 'void',
  bool: 'bool',
  char: 'char',
  short: 'short',
  int: 'int',
  long: 'long',
  float: 'float',
  double: 'double',
  __int128: '__int128',
};

const UNSIGNED: Readonly<Partial<Record<CBase, CBase>>> = {
  char: 'unsigned char',
  short: 'unsigned short',
  int: 'unsigned int',
  long: 'unsigned long',
  __int128: 'unsigned __int128',
};

/** The type that base words in any order make; undefined if they do not go together. */
export function baseOf(words: readonly string[]): CBase | undefined {
  const has = (...names: readonly string[]): boolean => words.some((word) => names.includes(word));
  const longs = words.filter((word) => word === 'long').length;
  if (longs > 2) return undefined;
  if (has('__uint128_t')) return 'unsigned __int128';
  if (has('__int128_t')) return '__int128';
  if (has('_Float128', '__float128', '_Float64x', '__builtin_va_list')) return 'long double';
  if (has('_Float64', '_Float32x')) return 'double';
  if (has('_Float32', '_Float16')) return 'float';
  if (has('double')) return longs === 0 ? 'double' : 'long double';
  if (has('_Bool')) return 'bool';
  const name = ['void', 'bool', 'char', 'short', 'float', '__int128'].find((word) => has(word));
  const base = SPELLINGS[name ?? (longs > 0 ? 'long' : 'int')];
  if (base === undefined || (longs > 0 && base !== 'long')) return undefined;
  if (has('unsigned')) return UNSIGNED[base];
  return base === 'char' && has('signed', '__signed', '__signed__') ? 'signed char' : base;
}
