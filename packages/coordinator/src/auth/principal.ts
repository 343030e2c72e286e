/** Who a request is from. */
import type { Role } from './role.ts';

export interface Principal {
  /** Empty for one that did not have to say who it is. */
  readonly name: string;
  readonly role: Role;
  /** How that is known. `trusted`: by where it came from alone. */
  readonly via: 'trusted' | 'token' | 'oidc' | 'kubernetes';
}

/** Knows the bearers of one kind of credentials. */
export interface Authenticator {
  /**
   * Undefined for what is no credential of this kind.
   *
   * @throws {CredentialError} for one that is, and is not good
   */
  authenticate(bearer: string): Promise<Principal | undefined>;
}

/** A credential that is known and not good any more, or not for this; the message is for its bearer. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

/** Who did it: by authentication, or else by the word of the caller's own terminal. */
export function whoIs({ name, via }: Principal, says: string): string {
  return via === 'trusted' ? says : name;
}
