/** Types as diagnostics name them, in bpftrace's spelling. */
import type { Type } from './type.ts';

export function printType(type: Type): string {
  switch (type.kind) {
    case 'integer':
      return `${type.signed ? 'int' : 'uint'}${type.size * 8}`;
    case 'boolean':
      return 'bool';
    case 'string':
    case 'buffer':
      return `${type.kind}[${type.size}]`;
    case 'pointer':
      return `${printType(type.target)} *`;
    case 'array':
      return `${printType(type.element)}[${type.length}]`;
    case 'struct':
      return type.struct.name;
    case 'enum':
      return `enum ${type.name}`;
    case 'tuple':
      return `(${type.fields.map((field) => printType(field.type)).join(',')})`;
    case 'record':
      return `record { ${type.fields.map((field) => `.${field.name} = ${printType(field.type)}`).join(', ')} }`;
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
      return `${type.signed ? '' : 'u'}${type.kind}_t`;
    default:
      return printKind(type);
  }
}

/** The kind alone, for messages that do not care for the size: `int`, `string`, `pointer`. */
export function printKind(type: Type): string {
  switch (type.kind) {
    case 'integer':
    case 'enum':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'struct':
      return 'c_type';
    case 'mac':
      return 'mac_address';
    case 'cgroup-path':
      return 'cgroup_path_t';
    case 'ksym':
    case 'usym':
    case 'username':
    case 'container':
    case 'pod':
    case 'namespace':
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'avg':
    case 'stats':
    case 'hist':
    case 'lhist':
    case 'tseries':
      return `${type.kind}_t`;
    case 'void':
    case 'string':
    case 'buffer':
    case 'pointer':
    case 'array':
    case 'tuple':
    case 'record':
    case 'kstack':
    case 'ustack':
    case 'inet':
    case 'timestamp':
      return type.kind;
  }
}
