/** `--label name=value` and `--host a,b` on command lines. */
import { InvalidArgumentError } from 'commander';

/** For commander: gathers a repeatable option. */
export function collectLabel(
  text: string,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('write it as name=value.');
  }
  return { ...labels, [name]: value };
}

export function collectHosts(text: string, hosts: readonly string[]): readonly string[] {
  return [...hosts, ...text.split(',').filter((host) => host !== '')];
}

/** Such as `role=db,zone=a`. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
