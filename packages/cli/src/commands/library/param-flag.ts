/** `--param name=text` on the command lines of the library. */
import { InvalidArgumentError, Option } from 'commander';

export function paramOption(flags: string, description: string): Option {
  return new Option(flags, `${description} (repeatable)`).argParser(collect).default([], 'none');
}

export type Param = readonly [name: string, text: string];

function collect(text: string, before: readonly Param[]): readonly Param[] {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  if (at < 1) throw new InvalidArgumentError('write it as name=value.');
  if (before.some(([other]) => other === name)) {
    throw new InvalidArgumentError(`${name} is given twice.`);
  }
  return [...before, [name, text.slice(at + 1)]];
}
