/** `--span` and `--join`: which events belong together. */
import { Option } from 'commander';

const append = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function spanOption(): Option {
  return new Option(
    '--span <definition>',
    "events that begin and end something: 'NAME: enter=PROBE[/field=value/] exit=PROBE by tid', or auto (repeatable)",
  )
    .argParser(append)
    .default([], 'none');
}

export function joinOption(): Option {
  return new Option(
    '--join <definition>',
    "events that belong together across hosts: 'client.key = server.key within 5ms' (repeatable)",
  )
    .argParser(append)
    .default([], 'none');
}
