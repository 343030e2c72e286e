/** How a connection to NATS proves who it is, and whom it believes. */
import type { NatsSecrets } from '@bpfleet/protocol/seal';
import { credsAuthenticator, nkeyAuthenticator, nkeys, type ConnectionOptions } from 'nats';

const encoder = new TextEncoder();

/** @throws {Error} for a seed that is none */
export function withSecrets({ nkey, credentials, ca }: NatsSecrets): Partial<ConnectionOptions> {
  return {
    ...(ca !== undefined && { tls: { ca } }),
    ...(credentials !== undefined && {
      authenticator: credsAuthenticator(encoder.encode(credentials)),
    }),
    ...(nkey !== undefined && {
      authenticator: nkeyAuthenticator(encoder.encode(nkey)),
      inboxPrefix: inboxPrefix(nkey),
    }),
  };
}

/** A user may hear answers to its own requests only. */
function inboxPrefix(seed: string): string {
  const pair = nkeys.fromSeed(encoder.encode(seed)) as { getPublicKey(): string };
  return `_INBOX_${pair.getPublicKey()}`;
}
