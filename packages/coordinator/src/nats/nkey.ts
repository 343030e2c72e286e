/** A user of NATS that proves itself with an Ed25519 key of NATS's own spelling. */
import { nkeys } from 'nats';

export interface Nkey {
  /** Secret; what `--nats-nkey` reads. */
  readonly seed: string;
  /** What the server knows it by. */
  readonly publicKey: string;
}

export function newNkey(): Nkey {
  const pair = nkeys.createUser() as { getSeed(): Uint8Array; getPublicKey(): string };
  return { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
}
