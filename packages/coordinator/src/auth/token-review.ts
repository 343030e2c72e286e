/**
 * People and service accounts of a Kubernetes cluster: its API server says whose a bearer is (TokenReview,
 * authentication.k8s.io/v1).
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { CredentialError, type Authenticator, type Principal } from './principal.ts';
import { roleOf, type RoleRule } from './role-rules.ts';

export interface TokenReviewOptions {
  /** Of the API server, such as `https://10.43.0.1:443`. */
  readonly url: string;
  /** The file of the coordinator's own token, which the kubelet renews; it needs `create` on `tokenreviews`. */
  readonly tokenPath?: string;
  /** The certificate that the server's is signed with. */
  readonly caPath?: string;
  /** What bearers have to be meant for; those of the API server itself when absent. */
  readonly audience?: string;
  readonly rules: readonly RoleRule[];
}

const PATH = '/apis/authentication.k8s.io/v1/tokenreviews';
const ANSWER_WITHIN_MS = 5_000;
/** A terminal asks several times in a row; a token that was taken back works so much longer. */
const REMEMBERED_MS = 10_000;
const MAX_REMEMBERED = 1_000;
const MAX_BEARER = 16_384;

interface Review {
  readonly authenticated: boolean;
  readonly name: string;
  readonly groups: readonly string[];
}

export class TokenReviewAuthenticator implements Authenticator {
  readonly #options: TokenReviewOptions;
  /** By the hash of the bearer, the oldest first. */
  readonly #reviews = new Map<
    string,
    { readonly untilMs: number; readonly review: Promise<Review> }
  >();

  constructor(options: TokenReviewOptions) {
    this.#options = options;
  }

  async authenticate(bearer: string): Promise<Principal | undefined> {
    if (bearer.startsWith('bpf_') || bearer.length > MAX_BEARER) return undefined;
    const { authenticated, name, groups } = await this.#review(bearer);
    if (!authenticated) return undefined;
    const role = roleOf(name, [...groups, name], this.#options.rules, '--kubernetes-role');
    return { name: `kubernetes:${name}`, role, via: 'kubernetes' };
  }

  async #review(bearer: string): Promise<Review> {
    const nowMs = performance.now();
    const id = createHash('sha256').update(bearer).digest('base64');
    const known = this.#reviews.get(id);
    if (known !== undefined && known.untilMs > nowMs) return known.review;
    this.#reviews.delete(id);
    const review = ask(this.#options, bearer);
    this.#reviews.set(id, { untilMs: nowMs + REMEMBERED_MS, review });
    const [oldest] = this.#reviews.keys();
    if (this.#reviews.size > MAX_REMEMBERED && oldest !== undefined) this.#reviews.delete(oldest);
    try {
      return await review;
    } catch (error) {
      this.#reviews.delete(id);
      const reason = error instanceof Error ? error.message : String(error);
      throw new CredentialError(`the API server of Kubernetes cannot say whose it is: ${reason}`, {
        cause: error,
      });
    }
  }
}

async function ask(options: TokenReviewOptions, bearer: string): Promise<Review> {
  const { audience } = options;
  const body = {
    ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' },
    spec: { token: bearer, ...(audience !== undefined && { audiences: [audience] }) },
  };
  const { statusCode = 0, answer } = await post(options, JSON.stringify(body));
  if (statusCode !== 200 && statusCode !== 201) throw new Error(`it answers ${statusCode}`);
  const { status } = JSON.parse(answer) as { readonly status?: unknown };
  const { authenticated, user, audiences } = (status ?? {}) as Record<string, unknown>;
  const { username, groups } = (user ?? {}) as Record<string, unknown>;
  // A server that does not know of audiences says nothing of them, and has not looked.
  const isMeantForUs =
    audience === undefined || (Array.isArray(audiences) && audiences.includes(audience));
  return {
    authenticated: authenticated === true && typeof username === 'string' && isMeantForUs,
    name: typeof username === 'string' ? username : '',
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
  };
}

async function post(
  { url, tokenPath, caPath }: TokenReviewOptions,
  body: string,
): Promise<{ readonly statusCode: number | undefined; readonly answer: string }> {
  const target = new URL(PATH, url);
  const [token, ca] = await Promise.all([
    tokenPath === undefined ? undefined : readFile(tokenPath, 'utf8'),
    caPath === undefined ? undefined : readFile(caPath),
  ]);
  const headers = {
    ...{ 'content-type': 'application/json', accept: 'application/json' },
    ...(token !== undefined && { authorization: `Bearer ${token.trim()}` }),
  };
  const init = {
    ...{ method: 'POST', headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) },
    ...(ca !== undefined && { ca }),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = target.protocol === 'https:' ? requestTls : requestPlain;
    request(target, init).on('response', resolve).on('error', reject).end(body);
  });
  return { statusCode: response.statusCode, answer: await text(response) };
}
