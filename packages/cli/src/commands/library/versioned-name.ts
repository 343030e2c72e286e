/** `NAME` or `NAME@VERSION` on command lines. */
import { InvalidArgumentError } from 'commander';

export interface VersionedName {
  readonly name: string;
  /** The newest when absent. */
  readonly version?: number;
}

export function parseVersionedName(text: string): VersionedName {
  const [, name, version] = /^([^@]+)(?:@([1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (name === undefined) {
    throw new InvalidArgumentError('write it as NAME, or NAME@VERSION such as slow-reads@2.');
  }
  return { name, ...(version !== undefined && { version: Number(version) }) };
}
