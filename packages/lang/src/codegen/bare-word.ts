/** Words that are no values: the clock of `nsecs`, the mode of `kstack`. */
import type { Call, Identifier } from '../syntax/ast.ts';

export function bareWord(call: Call): string | undefined {
  const word = call.arguments.find((given): given is Identifier => given.kind === 'identifier');
  return word?.name;
}
