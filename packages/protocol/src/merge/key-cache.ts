/** Decoded keys that all hosts share, where a key's bytes mean the same on each of them. */
import type { ValueType } from '../schema/value-type.ts';
import type { DecodedKey } from './host-map.ts';

/** A map whose keys come and go must not fill the memory. */
const MAX_KEYS = 1 << 17;

export class KeyCache {
  readonly #keys = new Map<string, DecodedKey>();

  get(id: string): DecodedKey | undefined {
    return this.#keys.get(id);
  }

  set(id: string, key: DecodedKey): void {
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.set(id, key);
  }
}

/** Whether decoding needs the host's names or its clock. */
export function dependsOnHost(type: ValueType): boolean {
  switch (type.kind) {
    case 'kstack':
    case 'ustack':
    case 'ksym':
    case 'usym':
    case 'username':
    case 'cgroup-path':
    case 'container':
    case 'pod':
    case 'namespace':
    case 'timestamp':
      return true;
    case 'array':
      return dependsOnHost(type.element);
    case 'tuple':
    case 'record':
      return type.fields.some((field) => dependsOnHost(field.type));
    case 'none':
    case 'integer':
    case 'boolean':
    case 'pointer':
    case 'enum':
    case 'string':
    case 'buffer':
    case 'inet':
    case 'mac':
      return false;
  }
}
