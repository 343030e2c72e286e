/** What `config` is in a program: the settings in force, as a record. */
import type { Span } from '../source.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Config } from './config.ts';
import { integer } from './fold-operators.ts';

export function configRecord(config: Config, span: Span): Expression {
  const values: readonly (readonly [string, boolean | number | string])[] = [
    ['cpp_demangle', config.cppDemangle],
    ['lazy_symbolication', config.lazySymbolication],
    ['print_maps_on_exit', config.printMapsOnExit],
    ['use_blazesym', config.useBlazesym],
    ['show_debug_info', config.showDebugInfo],
    ['log_size', config.logSize],
    ['max_bpf_progs', config.maxBpfProgs],
    ['max_cat_bytes', config.maxCatBytes],
    ['max_map_keys', config.maxMapKeys],
    ['max_probes', config.maxProbes],
    ['max_strlen', config.maxStrlen],
    ['on_stack_limit', config.onStackLimit],
    ['perf_rb_pages', config.perfRbPages],
    ['str_trunc_trailer', config.strTruncTrailer],
    ['unstable_import_statement', config.unstable.importStatement],
    ['unstable_tseries', config.unstable.tseries],
    ['unstable_typeinfo', config.unstable.typeinfo],
    ['unstable_dw_ustack', config.unstable.dwUstack],
    ['missing_probes', config.missingProbes],
    ['stack_mode', config.stackMode],
    ['license', config.license],
  ];
  const fields = values.map(([name, value]) => ({ name, span, value: literal(value, span) }));
  return { kind: 'record', span, fields };
}

function literal(value: boolean | number | string, span: Span): Expression {
  if (typeof value === 'number') return integer(span, BigInt(value));
  if (typeof value === 'string') return { kind: 'string', span, value };
  return { kind: 'boolean', span, value };
}
