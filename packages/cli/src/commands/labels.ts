/** `--label name=value` and `--host a,b` on command lines. */
import { InvalidArgumentError, Option } from 'commander';

export function labelOption(description: string): Option {
  return new Option('-l, --label <name=value>', `${description} (repeatable)`)
    .argParser(collectLabel)
    .default({}, 'none');
}

export function hostOption(): Option {
  return new Option('--host <names>', 'these hosts, separated by commas (repeatable)')
    .argParser(collectHosts)
    .default([], 'all');
}

function collectLabel(
  text: string,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('write it as name=value.');
  }
  return { ...labels, [name]: value };
}

function collectHosts(text: string, hosts: readonly string[]): readonly string[] {
  return [...hosts, ...text.split(',').filter((host) => host !== '')];
}

/** Such as `role=db,zone=a`. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
