/** Where debug information is looked for, and who is told that some is missing. */
import type { DebugSettings } from '../debug/user-file.ts';
import type { LocalIo, LocalOptions } from './local-options.ts';

export interface LocalDebugSettings {
  readonly debugDirectories: readonly string[];
  readonly warn: DebugSettings['warn'];
}

export function debugSettings(
  { debugDirectories, warnings }: LocalOptions,
  io: LocalIo,
): LocalDebugSettings {
  return {
    debugDirectories,
    warn: (message) => {
      if (warnings > 0) io.err(`WARNING: ${message}\n`);
    },
  };
}
