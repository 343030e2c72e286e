/** Certificate and key of the listener, from files that are renewed while it runs. */
import { createSecureContext } from 'node:tls';
import { readFile } from 'node:fs/promises';

export interface TlsFiles {
  /** PEM: the certificate, then those that lead to its authority. */
  readonly certFile: string;
  /** PEM. */
  readonly keyFile: string;
}

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export class TlsError extends Error {
  override readonly name = 'TlsError';
}

/** @throws {TlsError} for files that cannot be read, or that no listener could use */
export async function readTls({ certFile, keyFile }: TlsFiles): Promise<TlsMaterial> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TlsError(`TLS certificate ${certFile} with key ${keyFile}: ${reason}`, {
      cause: error,
    });
  }
}
