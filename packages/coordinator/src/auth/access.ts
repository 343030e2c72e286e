/** Who is behind a request, by all the ways that a coordinator is told to know somebody. */
import { CredentialError, type Authenticator, type Principal } from './principal.ts';
import type { Role } from './role.ts';

export interface AccessOptions {
  /** Asked in this order; none of them, and whoever reaches the listener is trusted. */
  readonly authenticators: readonly Authenticator[];
  /** Of requests without credentials; absent, they are refused where there are authenticators. */
  readonly anonymous?: Role;
}

export class Access {
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /** Whether callers are trusted for where they call from. */
  get trustsCallers(): boolean {
    const { authenticators, anonymous } = this.#options;
    return authenticators.length === 0 && anonymous === undefined;
  }

  /**
   * @param authorization the header of this name
   * @throws {CredentialError} with what to tell the caller
   */
  async principalOf(authorization: string | undefined): Promise<Principal> {
    const { authenticators, anonymous } = this.#options;
    if (this.trustsCallers) return { name: '', role: 'admin', via: 'trusted' };
    const bearer = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
    if (bearer === undefined) {
      if (anonymous !== undefined) return { name: '', role: anonymous, via: 'trusted' };
      throw new CredentialError(
        'a token is needed: --token, BPFLEET_TOKEN, or "token" in ~/.config/bpfleet/config.json',
      );
    }
    for (const authenticator of authenticators) {
      const principal = await authenticator.authenticate(bearer);
      if (principal !== undefined) return principal;
    }
    throw new CredentialError('the token is not known here: "bpfleet token create" makes one');
  }
}
