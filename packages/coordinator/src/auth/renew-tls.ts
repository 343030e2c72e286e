/** Takes a renewed certificate into use without closing the listener. */
import type { Server } from 'node:https';
import type { Logger } from 'pino';
import { readTls, type TlsFiles, type TlsMaterial } from './tls-files.ts';

const LOOK_MS = 30_000;

/** @returns what stops it */
export function renewTls(
  server: Pick<Server, 'setSecureContext'>,
  files: TlsFiles,
  begun: TlsMaterial,
  log: Logger,
): () => void {
  let inUse = begun;
  async function look(): Promise<void> {
    const { cert, key } = await readTls(files);
    if (cert.equals(inUse.cert) && key.equals(inUse.key)) return;
    inUse = { cert, key };
    server.setSecureContext(inUse);
    log.info({ certificate: files.certFile }, 'renewed certificate in use');
  }
  const timer = setInterval(() => {
    // The one in use stays: half of a pair may have been written so far.
    look().catch((error: unknown) => log.warn({ err: error }, 'certificate not renewed'));
  }, LOOK_MS);
  return () => clearInterval(timer);
}
