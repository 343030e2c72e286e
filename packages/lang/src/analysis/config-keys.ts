/** The config keys: what each accepts and which field of `Config` it sets. */
import type { Config, Unstable } from './config.ts';

/** A value as written, or the reason why it is none. */
export type KeyResult = Partial<Config> | ConfigFault;

export interface ConfigFault {
  readonly fault: string;
  /** The text says by itself what it is about. */
  readonly whole?: true;
}

export interface ConfigKey {
  readonly name: string;
  /** `current`: the settings so far. */
  readonly read: (value: string, current: Config) => KeyResult;
}

const LICENSES = [
  'Dual MIT/GPL',
  'Dual BSD/GPL',
  'Dual MPL/GPL',
  'GPL and additional rights',
  'GPL v2',
  'GPL',
];

export const CONFIG_KEYS: readonly ConfigKey[] = [
  count('max_strlen', (maxStrlen) => ({ maxStrlen })),
  count('max_map_keys', (maxMapKeys) => ({ maxMapKeys }), { from: 1, to: 0xffff_ffff }),
  count('max_probes', (maxProbes) => ({ maxProbes })),
  count('max_bpf_progs', (maxBpfProgs) => ({ maxBpfProgs })),
  count('max_cat_bytes', (maxCatBytes) => ({ maxCatBytes })),
  count('on_stack_limit', (onStackLimit) => ({ onStackLimit })),
  // The kernel's ring buffers have up to 2 GiB.
  count('perf_rb_pages', (perfRbPages) => ({ perfRbPages }), { from: 0, to: 1 << 19 }),
  count('log_size', (logSize) => ({ logSize })),
  flag('use_blazesym', (useBlazesym) => ({ useBlazesym })),
  unstable('unstable_import_statement', (importStatement) => ({ importStatement })),
  unstable('unstable_tseries', (tseries) => ({ tseries })),
  unstable('unstable_typeinfo', (typeinfo) => ({ typeinfo })),
  unstable('unstable_dw_ustack', (dwUstack) => ({ dwUstack })),
  flag('print_maps_on_exit', (printMapsOnExit) => ({ printMapsOnExit })),
  flag('cpp_demangle', (cppDemangle) => ({ cppDemangle })),
  flag('show_debug_info', (showDebugInfo) => ({ showDebugInfo })),
  flag('lazy_symbolication', (lazySymbolication) => ({ lazySymbolication })),
  { name: 'str_trunc_trailer', read: (value) => ({ strTruncTrailer: value }) },
  { name: 'stack_mode', read: readStackMode },
  { name: 'missing_probes', read: readMissingProbes },
  { name: 'license', read: readLicense },
  { name: 'cache_user_symbols', read: readCacheUserSymbols },
];

/** Old names, accepted with a warning that names the new one. */
export const RENAMED_KEYS: ReadonlyMap<string, string> = new Map([
  ['strlen', 'max_strlen'],
  ['no_cpp_demangle', 'cpp_demangle'],
  ['cat_bytes_max', 'max_cat_bytes'],
  ['map_keys_max', 'max_map_keys'],
]);

/** Keys that once were: accepted with a warning. */
export const INEFFECTIVE_KEYS: ReadonlySet<string> = new Set([
  'symbol_source',
  'max_type_res_iterations',
  'unstable_addr',
  'unstable_import',
  'unstable_macro',
  'unstable_map_decl',
]);

/** Settings that bpftrace takes from the environment alone. */
export const ENVIRONMENT_KEYS: ReadonlySet<string> = new Set([
  'btf',
  'kernel_build',
  'kernel_source',
  'vmlinux',
]);

interface Range {
  readonly from: number;
  readonly to: number;
}

function count(
  name: string,
  set: (value: number) => Partial<Config>,
  { from, to }: Range = { from: 0, to: Number.MAX_SAFE_INTEGER },
): ConfigKey {
  return {
    name,
    read: (value) => {
      if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(value) || !Number.isSafeInteger(Number(value))) {
        return { fault: `expecting a number, got ${value}` };
      }
      const number = Number(value);
      if (number >= from && number <= to) return set(number);
      return { fault: `expecting a number from ${from} to ${to}, got ${value}` };
    },
  };
}

function flag(name: string, set: (value: boolean) => Partial<Config>): ConfigKey {
  return {
    name,
    read: (value) => {
      const lower = value.toLowerCase();
      if (lower === 'true' || /^[1-9][0-9]*$/.test(lower)) return set(true);
      if (lower === 'false' || lower === '0') return set(false);
      return { fault: 'Invalid bool value: valid values are true, false, 1 or 0.' };
    },
  };
}

function readStackMode(value: string): KeyResult {
  switch (value) {
    case 'bpftrace':
    case 'perf':
    case 'raw':
    case 'build_id':
      return { stackMode: value };
    default:
      return {
        fault: 'Invalid value for stack_mode: valid values are bpftrace, raw, perf, and build_id.',
      };
  }
}

function unstable(name: string, set: (value: Unstable) => Partial<Config['unstable']>): ConfigKey {
  return {
    name,
    read: (value, current) => {
      const stance = readUnstable(value.toLowerCase());
      if (stance !== undefined) return { unstable: { ...current.unstable, ...set(stance) } };
      return {
        fault: 'Invalid value for unstable config: valid values are enable, warn, and error.',
      };
    },
  };
}

function readUnstable(value: string): Unstable | undefined {
  if (value === 'enable' || value === 'true' || /^[1-9][0-9]*$/.test(value)) return 'enable';
  if (value === 'error' || value === 'false' || value === '0') return 'error';
  return value === 'warn' ? 'warn' : undefined;
}

function readMissingProbes(written: string): KeyResult {
  const value = written.toLowerCase();
  if (value === 'error' || value === 'warn' || value === 'ignore') return { missingProbes: value };
  return {
    fault: 'Invalid value for missing_probes: valid values are ignore, warn, and error.',
  };
}

function readLicense(value: string): KeyResult {
  if (LICENSES.includes(value)) return { license: value };
  return {
    fault: `Invalid value for license. Found: ${value}. Valid values: ${LICENSES.join(', ')}.`,
    whole: true,
  };
}

function readCacheUserSymbols(value: string): KeyResult {
  const upper = value.toUpperCase();
  switch (upper) {
    case 'PER_PID':
    case 'PER_PROGRAM':
      return { cacheUserSymbols: upper };
    case '0':
    case 'NONE':
      return { cacheUserSymbols: 'NONE' };
    case '1':
      return { cacheUserSymbols: undefined };
    default:
      return {
        fault:
          'Invalid value for cache_user_symbols: valid values are PER_PID, PER_PROGRAM, and NONE.',
      };
  }
}
