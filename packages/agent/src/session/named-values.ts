/** Finds, in the bytes of a value, the parts whose names only this host knows. */
import { sizeOfValue, type HostNamedType, type ValueType } from '@bpfleet/protocol';

export interface NamedPart {
  readonly type: HostNamedType;
  readonly id: Uint8Array;
}

export function isHostNamed(type: ValueType): type is HostNamedType {
  switch (type.kind) {
    case 'kstack':
    case 'ustack':
    case 'ksym':
    case 'usym':
    case 'username':
    case 'cgroup-path':
      return true;
    default:
      return false;
  }
}

/** Whether `namedParts` can give anything for this type. */
export function hasNamedParts(type: ValueType): boolean {
  switch (type.kind) {
    case 'array':
      return hasNamedParts(type.element);
    case 'tuple':
    case 'record':
      return type.fields.some((field) => hasNamedParts(field.type));
    default:
      return isHostNamed(type);
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
