/** Finds, in the bytes of a value, the parts whose names only this host knows. */
import { sizeOfValue, type HostNamedType, type ValueType } from '@bpfleet/protocol';

export interface NamedPart {
  readonly type: HostNamedType;
  readonly id: Uint8Array;
}

const HOST_NAMED: readonly HostNamedType['kind'][] = [
  'kstack',
  'ustack',
  'ksym',
  'usym',
  'username',
  'cgroup-path',
  'container',
  'pod',
  'namespace',
];

function isHostNamed(type: ValueType): type is HostNamedType {
  return (HOST_NAMED as readonly string[]).includes(type.kind);
}

/** Whether `namedParts` can give anything for this type. */
export function hasNamedParts(type: ValueType): boolean {
  return hasParts(type, HOST_NAMED);
}

/** Whether it can give addresses of processes, whose names are gone when the process is. */
export function hasProcessNames(type: ValueType): boolean {
  return hasParts(type, ['ustack', 'usym']);
}

/** Whether values of this type are or contain one of these kinds. */
function hasParts(type: ValueType, kinds: readonly ValueType['kind'][]): boolean {
  switch (type.kind) {
    case 'array':
      return hasParts(type.element, kinds);
    case 'tuple':
    case 'record':
      return type.fields.some((field) => hasParts(field.type, kinds));
    default:
      return kinds.includes(type.kind);
  }
}

export function* namedParts(type: ValueType, bytes: Uint8Array): Generator<NamedPart> {
  if (isHostNamed(type)) {
    yield { type, id: bytes.slice(0, sizeOfValue(type)) };
  } else if (type.kind === 'array') {
    const size = sizeOfValue(type.element);
    for (let i = 0; i < type.length; i++) {
      yield* namedParts(type.element, bytes.subarray(i * size, (i + 1) * size));
    }
  } else if (type.kind === 'tuple' || type.kind === 'record') {
    for (const field of type.fields) {
      yield* namedParts(field.type, bytes.subarray(field.offset));
    }
  }
}
