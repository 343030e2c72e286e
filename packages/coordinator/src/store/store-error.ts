/** What the store could not do, in words for people. */

export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** ClickHouse's number of the error, where it gave one. */
  readonly code: string | undefined;

  constructor(message: string, options?: { readonly cause?: unknown; readonly code?: string }) {
    super(message, { cause: options?.cause });
    this.code = options?.code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}

/** ClickHouse's number of the error, if it came from there. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
