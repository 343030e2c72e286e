/**
 * Names that the grammar itself must know: whether `(x) * y` is a cast and whether `sizeof(x)` holds a type depends on them.
 */

const builtins: ReadonlySet<string> = new Set([
  'args',
  'ctx',
  'kstack',
  'nsecs',
  'pid',
  'tid',
  'ustack',
  '__builtin_comm',
  '__builtin_cpid',
  '__builtin_cpu',
  '__builtin_dw_ustack',
  '__builtin_elapsed',
  '__builtin_func',
  '__builtin_ncpus',
  '__builtin_probe',
  '__builtin_retval',
  '__builtin_usermode',
]);

/** Values that bpftrace defines as macros, and so reads as types in `(cpu) - 1`. No C type has these names. */
const values: ReadonlySet<string> = new Set([
  'cgroup',
  'comm',
  'cpid',
  'cpu',
  'curtask',
  'elapsed',
  'func',
  'gid',
  'jiffies',
  'ncpus',
  'numaid',
  'ppid',
  'probe',
  'rand',
  'retval',
  'uid',
  'usermode',
  'username',
]);

const types: ReadonlySet<string> = new Set([
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'void',
  'min_t',
  'max_t',
  'sum_t',
  'count_t',
  'avg_t',
  'stats_t',
  'umin_t',
  'umax_t',
  'usum_t',
  'uavg_t',
  'ustats_t',
  'timestamp',
  'macaddr_t',
  'cgroup_path_t',
  'string',
  'buffer',
  'inet',
  'username_t',
]);

/** A word that the grammar reads as a builtin variable: no type, no record field, no macro parameter. */
export function isBuiltinName(name: string): boolean {
  return builtins.has(name) || /^s?arg[0-9]+$/.test(name);
}

/** A word that can not name the type of a cast. */
export function isValueName(name: string): boolean {
  return isBuiltinName(name) || values.has(name);
}

/** A type of the language itself, as opposed to one of C or BTF. */
export function isTypeKeyword(name: string): boolean {
  return types.has(name);
}
