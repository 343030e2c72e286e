/** A certificate that is renewed while the listener runs. */
import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import pino from 'pino';
import { makeCertificate } from '../../../../test/support/test-certificate.ts';
import { renewTls } from '../../src/auth/renew-tls.ts';
import { readTls, TlsError, type TlsMaterial } from '../../src/auth/tls-files.ts';

test('a renewed certificate is taken into use, and files that are no pair are refused', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'bpfleet-tls-'));
  t.after(async () => rm(folder, { recursive: true, force: true }));
  t.mock.timers.enable({ apis: ['setInterval'] });
  const files = makeCertificate(folder);
  const other = makeCertificate(folder, 'other');
  await assert.rejects(readTls({ ...files, keyFile: other.keyFile }), TlsError);
  const missing = join(folder, 'missing');
  await assert.rejects(readTls({ ...files, certFile: missing }), /certificate .*missing.*ENOENT/);

  const before = await readTls(files);
  const renewed = await readTls(other);
  let took: (material: TlsMaterial) => void = () => {};
  const inUse = new Promise<TlsMaterial>((resolve) => (took = resolve));
  const log = pino({ level: 'silent' });
  const server = {
    setSecureContext: (options: unknown) => took(options as TlsMaterial),
  };
  const stop = renewTls(server, files, before, log);
  await rename(other.certFile, files.certFile);
  await rename(other.keyFile, files.keyFile);
  t.mock.timers.tick(30_000);
  const now = await inUse;
  assert.ok(now.cert.equals(renewed.cert) && !now.cert.equals(before.cert));
  stop();
});
