/** A certificate for nats-server, and the authority that signs it, made by openssl: Node.js reads certificates, but makes none. */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

const run = promisify(execFile);
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const TEN_YEARS = ['-days', '3650'];

/**
 * Writes `ca.pem`, `ca.key`, `nats.crt` and `nats.key`.
 *
 * @param names under which agents and coordinators reach the server: host names and addresses
 * @throws {CertificateError} where there is no openssl, or it refuses
 */
export async function makeCertificates(folder: string, names: readonly string[]): Promise<void> {
  const at = (name: string): string => join(folder, name);
  const [request, extensions] = [at('nats.csr'), at('nats.ext')];
  // By an address, Node.js asks for `localhost` when a connection turns to TLS as that of NATS does.
  const alternatives = [...new Set([...names, 'localhost'])].map((name) =>
    isIP(name) === 0 ? `DNS:${name}` : `IP:${name}`,
  );
  try {
    await run('openssl', [
      ...['req', '-x509', ...EC, ...TEN_YEARS, '-subj', '/CN=bpfleet authority for NATS'],
      ...['-keyout', at('ca.key'), '-out', at('ca.pem')],
    ]);
    await run('openssl', [
      ...['req', '-new', ...EC, '-subj', '/CN=bpfleet NATS'],
      ...['-keyout', at('nats.key'), '-out', request],
    ]);
    const usage = 'extendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n';
    await writeFile(extensions, `subjectAltName=${alternatives.join(',')}\n${usage}`);
    await run('openssl', [
      ...['x509', '-req', '-in', request, '-CA', at('ca.pem'), '-CAkey', at('ca.key')],
      ...['-CAcreateserial', ...TEN_YEARS, '-extfile', extensions, '-out', at('nats.crt')],
    ]);
  } catch (cause) {
    throw new CertificateError(reasonOf(cause), { cause });
  } finally {
    for (const name of [request, extensions, at('ca.srl')]) await rm(name, { force: true });
  }
}

function reasonOf(cause: unknown): string {
  const { code, stderr, message } = cause as NodeJS.ErrnoException & { readonly stderr?: string };
  if (code === 'ENOENT') {
    return 'openssl is not here, which makes the certificate of nats-server; install it, or pass --no-tls and bring certificates of your own';
  }
  return `openssl: ${(stderr ?? '').trim().split('\n').at(-1) ?? message}`;
}
