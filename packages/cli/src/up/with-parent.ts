/** Makes a child process end when its parent does, however that ends: util-linux's setpriv asks the kernel for it. */
import { findProgram } from './find-program.ts';

export interface CommandLine {
  readonly command: string;
  readonly argv: readonly string[];
}

/** Unchanged where there is no setpriv that can. */
export function endingWithParent(line: CommandLine, searchPath: string): CommandLine {
  const setpriv = findProgram('setpriv', searchPath);
  // BusyBox has one that cannot.
  if (setpriv === undefined || findProgram('busybox', searchPath) === setpriv) return line;
  return { command: setpriv, argv: ['--pdeathsig', 'TERM', '--', line.command, ...line.argv] };
}
