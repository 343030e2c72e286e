/** The program that a case runs from a file: what the case needs of the kernel is in there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceCase } from './conformance-case.ts';

/** Empty for a case that runs none. */
export function scriptOf({ command }: ConformanceCase, directory: string): string {
  const path = command.kind === 'shell' ? /\S+\.bt\b/.exec(command.line)?.[0] : undefined;
  const full = path === undefined ? undefined : join(directory, path);
  return full !== undefined && existsSync(full) ? readFileSync(full, 'utf8') : '';
}
