/** The one token of `bpfleet coordinator --token`: whoever has it is an admin. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authenticator, Principal } from './principal.ts';

export class SingleToken implements Authenticator {
  readonly #expected: Buffer;

  constructor(token: string) {
    this.#expected = digest(token);
  }

  async authenticate(bearer: string): Promise<Principal | undefined> {
    if (!timingSafeEqual(digest(bearer), this.#expected)) return undefined;
    return { name: 'token', role: 'admin', via: 'token' };
  }
}

/** Of one length, whatever is given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
