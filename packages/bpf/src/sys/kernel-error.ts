/** A system call that the kernel refused, in words: `bpf(BPF_MAP_CREATE): EPERM: operation not permitted`. */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** Errors that user space has no name for although bpf(2) returns them, or words as one of sockets. */
const OWN_WORDS: Readonly<Record<number, readonly [string, string]>> = {
  95: ['EOPNOTSUPP', 'operation is not supported'],
  524: ['ENOTSUPP', 'operation is not supported'],
};

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno)
    // EWOULDBLOCK and EOPNOTSUPP share their number with a better known name.
    .filter(([name]) => name !== 'EWOULDBLOCK' && name !== 'ENOTSUP')
    .map(([name, errno]) => [errno, name]),
);

const TEXTS: ReadonlyMap<number, readonly [string, string]> = getSystemErrorMap();

/** `ENOENT`, or `errno 4711` for a number that has no name. */
export function errnoName(errno: number): string {
  return OWN_WORDS[errno]?.[0] ?? NAMES.get(errno) ?? `errno ${errno}`;
}

/** `no such file or directory` for ENOENT. */
export function errnoText(errno: number): string {
  return OWN_WORDS[errno]?.[1] ?? TEXTS.get(-errno)?.[1] ?? 'unknown error';
}

export class KernelError extends Error {
  override readonly name = 'KernelError';
  /** Which call failed, as the message shows it. */
  readonly call: string;
  /** Positive. */
  readonly errno: number;
  /** The name of the error, such as `ENOENT`. */
  readonly code: string;

  /** `explanation` replaces the general text of the errno where the call knows better. */
  constructor(call: string, errno: number, explanation?: string) {
    super(`${call}: ${errnoName(errno)}: ${explanation ?? errnoText(errno)}`);
    this.call = call;
    this.errno = errno;
    this.code = errnoName(errno);
  }
}

/** Returns the result of a call, or throws KernelError if it is a negative errno. */
export function checkResult(call: string, result: number): number {
  if (result < 0) throw new KernelError(call, -result);
  return result;
}

/** Whether this is a KernelError with one of these names. */
export function isKernelError(error: unknown, ...codes: readonly string[]): error is KernelError {
  return error instanceof KernelError && codes.includes(error.code);
}
