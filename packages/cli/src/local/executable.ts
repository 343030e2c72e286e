/** `--aot`: an executable that runs a program by the `bpfleet` that made it. */
import type { LocalOptions } from '@bpfleet/agent/local';

type Kept = Pick<LocalOptions, 'unsafe' | 'includeDirectories' | 'includeFiles'>;

/** The options that belong to the program; others are given to the executable. */
function keptOptions({ unsafe, includeDirectories, includeFiles }: Kept): readonly string[] {
  return [
    ...(unsafe ? ['--unsafe'] : []),
    ...includeDirectories.flatMap((path) => ['-I', path]),
    ...includeFiles.flatMap((path) => ['--include', path]),
  ];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * A script for /bin/sh. The program is compiled when the script is run, for the kernel it is run on.
 *
 * @param self what starts `bpfleet`
 */
export function executableText(self: readonly string[], options: Kept, program: string): string {
  const words = [...self, 'local', ...keptOptions(options), '-e', program].map(quoted).join(' ');
  return `#!/bin/sh\nexec ${words} "$@"\n`;
}
