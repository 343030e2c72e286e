/** What the system had against a call, in the words of the C library, which every other tool uses as well. */
import { errnoText } from './render/errno-text.ts';

interface SystemError extends Error {
  /** Negative. */
  readonly errno: number;
  readonly syscall: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  if (!(error instanceof Error)) return false;
  const { errno, syscall } = error as Partial<SystemError>;
  // Those of connections say with whom.
  if ('address' in error) return false;
  return typeof errno === 'number' && errno < 0 && typeof syscall === 'string';
}

/** Of anything thrown: `No such file or directory`, or its message if it is no error of the system. */
export function systemReason(error: unknown): string {
  if (isSystemError(error)) return errnoText(-error.errno);
  return error instanceof Error ? error.message : String(error);
}

/** With the call and the file; undefined for what is no error of the system. */
export function systemErrorText(error: unknown): string | undefined {
  if (!isSystemError(error)) return undefined;
  const { syscall, path } = error;
  return `${syscall}${path === undefined ? '' : ` '${path}'`}: ${systemReason(error)}`;
}
