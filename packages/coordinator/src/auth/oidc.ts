/** People who are known to an OpenID Connect issuer: its signed tokens (JWT) are bearers here. OpenID Connect Discovery 1.0. */
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { CredentialError, type Authenticator, type Principal } from './principal.ts';
import { roleOf, type RoleRule } from './role-rules.ts';

export interface OidcOptions {
  /** As its tokens name it, such as `https://login.example.com`. */
  readonly issuer: string;
  /** What tokens for this coordinator are meant for. */
  readonly audience: string;
  /** The claim that names somebody; one that people cannot choose for themselves. */
  readonly nameClaim: string;
  /** The claim with their groups. */
  readonly groupsClaim: string;
  readonly rules: readonly RoleRule[];
}

/** With keys that both sides share, whoever can check a token could make one. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const CLOCK_TOLERANCE_S = 30;
const ANSWER_WITHIN_MS = 5_000;
const MAX_DISCOVERY_BYTES = 1 << 20;

type Keys = ReturnType<typeof createRemoteJWKSet>;

export class OidcAuthenticator implements Authenticator {
  readonly #options: OidcOptions;
  /** Found when the first token comes: an issuer that is away must not keep a coordinator from starting. */
  #keys: Promise<Keys> | undefined;

  constructor(options: OidcOptions) {
    this.#options = options;
  }

  async authenticate(bearer: string): Promise<Principal | undefined> {
    const { issuer, nameClaim, groupsClaim, rules } = this.#options;
    if (issuerOf(bearer) !== issuer) return undefined;
    const claims = await this.#verified(bearer);
    const name = claims[nameClaim];
    if (typeof name !== 'string' || name === '' || name.length > 500) {
      throw new CredentialError(`the token of ${issuer} has no ${nameClaim}`);
    }
    if (nameClaim === 'email' && claims['email_verified'] !== true) {
      throw new CredentialError(`the email of ${name} is not verified by ${issuer}`);
    }
    const groups = [claims[groupsClaim] ?? []].flat().filter((group) => typeof group === 'string');
    return { name: `oidc:${name}`, role: roleOf(name, groups, rules, '--oidc-role'), via: 'oidc' };
  }

  async #verified(bearer: string): Promise<JWTPayload> {
    const { issuer, audience } = this.#options;
    try {
      this.#keys ??= keysOf(issuer);
      const { payload } = await jwtVerify(bearer, await this.#keys, {
        ...{ issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_S },
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new CredentialError(`the token of ${issuer} has expired`, { cause: error });
      }
      if (!(error instanceof errors.JOSEError)) this.#keys = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw new CredentialError(`the token of ${issuer} is not taken: ${reason}`, { cause: error });
    }
  }
}

/** Undefined for what is no JWT. Nothing of it is believed yet. */
function issuerOf(bearer: string): string | undefined {
  try {
    return decodeJwt(bearer).iss;
  } catch {
    return undefined;
  }
}

async function keysOf(issuer: string): Promise<Keys> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`);
  const text = await answer.text();
  if (text.length > MAX_DISCOVERY_BYTES) throw new Error(`${url}: more than is ever said there`);
  const { issuer: says, jwks_uri: place } = JSON.parse(text) as Record<string, unknown>;
  if (says !== issuer || typeof place !== 'string') {
    throw new Error(`${url}: it does not speak for ${issuer}`);
  }
  return createRemoteJWKSet(new URL(place), { timeoutDuration: ANSWER_WITHIN_MS });
}
