/** API tokens as the coordinator's API tells of them. Times are Unix milliseconds. */

export interface TokenRequest {
  /** Of the person or service that gets it. */
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  /** Absent, it does not expire. */
  readonly expiresInMs?: number;
}

export interface TokenInfo {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRequest['role'];
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly revokedAtMs?: number;
  readonly state: 'valid' | 'expired' | 'revoked';
}

/** The only answer that has its text. */
export interface CreatedToken extends TokenInfo {
  readonly token: string;
}
