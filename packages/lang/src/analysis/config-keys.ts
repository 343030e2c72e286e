/** The config keys: what each accepts and which field of `Config` it sets. */
import type { Config, Unstable } from './config.ts';

/** A value as written, or the reason why it is none. */
export type KeyResult = Partial<Config> | { readonly fault: string };

export interface ConfigKey {
  readonly name: string;
  readonly read: (value: string) => KeyResult;
}

const LICENSES = [
  'GPL',
  'GPL v2',
  'GPL and additional rights',
  'Dual BSD/GPL',
  'Dual MIT/GPL',
  'Dual MPL/GPL',
];

export const CONFIG_KEYS: readonly ConfigKey[] = [
  count('max_strlen', (maxStrlen) => ({ maxStrlen })),
  count('max_map_keys', (maxMapKeys) => ({ maxMapKeys })),
  count('max_probes', (maxProbes) => ({ maxProbes })),
  count('max_bpf_progs', (maxBpfProgs) => ({ maxBpfProgs })),
  count('max_cat_bytes', (maxCatBytes) => ({ maxCatBytes })),
  count('on_stack_limit', (onStackLimit) => ({ onStackLimit })),
  count('perf_rb_pages', (perfRbPages) => ({ perfRbPages })),
  flag('print_maps_on_exit', (printMapsOnExit) => ({ printMapsOnExit })),
  flag('cpp_demangle', (cppDemangle) => ({ cppDemangle })),
  flag('show_debug_info', (showDebugInfo) => ({ showDebugInfo })),
  flag('lazy_symbolication', (lazySymbolication) => ({ lazySymbolication })),
  { name: 'str_trunc_trailer', read: (value) => ({ strTruncTrailer: value }) },
  { name: 'stack_mode', read: readStackMode },
  { name: 'missing_probes', read: readMissingProbes },
  { name: 'license', read: readLicense },
  { name: 'cache_user_symbols', read: readCacheUserSymbols },
  unstable('unstable_tseries', (unstableTseries) => ({ unstableTseries })),
];

/** Old names, refused with the new one. */
export const RENAMED_KEYS: ReadonlyMap<string, string> = new Map([
  ['strlen', 'max_strlen'],
  ['no_cpp_demangle', 'cpp_demangle'],
  ['cat_bytes_max', 'max_cat_bytes'],
  ['map_keys_max', 'max_map_keys'],
]);

/** Keys of bpftrace that change nothing, there or here: accepted with a warning. */
export const INEFFECTIVE_KEYS: ReadonlySet<string> = new Set([
  'symbol_source',
  'max_type_res_iterations',
  'unstable_addr',
  'unstable_import',
  'unstable_macro',
  'unstable_map_decl',
  'unstable_import_statement',
  'unstable_typeinfo',
  'unstable_dw_ustack',
  'log_size',
  'use_blazesym',
]);

function count(name: string, set: (value: number) => Partial<Config>): ConfigKey {
  return {
    name,
    read: (value) =>
      /^(0x[0-9a-f]+|[0-9]+)$/i.test(value) && Number.isSafeInteger(Number(value))
        ? set(Number(value))
        : { fault: `Invalid value for ${name}: expected a number, found '${value}'` },
  };
}

function flag(name: string, set: (value: boolean) => Partial<Config>): ConfigKey {
  return {
    name,
    read: (value) => {
      const lower = value.toLowerCase();
      if (lower === 'true' || lower === '1') return set(true);
      if (lower === 'false' || lower === '0') return set(false);
      return { fault: 'Invalid bool value: valid values are true, false, 1 or 0.' };
    },
  };
}

function readStackMode(value: string): KeyResult {
  if (value === 'bpftrace' || value === 'perf' || value === 'raw') return { stackMode: value };
  if (value === 'build_id') return { fault: 'stack_mode build_id is not supported yet' };
  return { fault: `Invalid value for stack_mode: valid values are bpftrace, perf and raw.` };
}

function readMissingProbes(value: string): KeyResult {
  if (value === 'error' || value === 'warn' || value === 'ignore') return { missingProbes: value };
  return {
    fault: 'Invalid value for missing_probes: valid values are "error", "warn", and "ignore".',
  };
}

function readLicense(value: string): KeyResult {
  if (LICENSES.includes(value)) return { license: value };
  return {
    fault: `Invalid value for license. Found: ${value}. Valid values: ${LICENSES.join(', ')}.`,
  };
}

function readCacheUserSymbols(value: string): KeyResult {
  switch (value) {
    case 'PER_PID':
    case 'PER_PROGRAM':
      return { cacheUserSymbols: value };
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

function unstable(name: string, set: (value: Unstable) => Partial<Config>): ConfigKey {
  return {
    name,
    read: (value) => {
      switch (value.toLowerCase()) {
        case 'enable':
        case 'true':
        case '1':
          return set('enable');
        case 'warn':
          return set('warn');
        case 'error':
        case 'false':
        case '0':
          return set('error');
        default:
          return {
            fault: 'Invalid value for unstable config: valid values are enable, warn, and error.',
          };
      }
    },
  };
}
