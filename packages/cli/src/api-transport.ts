/** Requests to the coordinators of a fleet: which of them is asked, and what went wrong in words. */
import { setTimeout } from 'node:timers/promises';
import { decodeJson, encodeJson, type ProgramRejected } from '@bpfleet/protocol';
import type { Connection } from './config.ts';
import { fetchTrusting, type Fetch } from './fetch-trusting.ts';
import { UserError } from './terminal.ts';

/** The program cannot run: its errors, each once, with the hosts they concern. */
export class ProgramRejectedError extends Error {
  override readonly name = 'ProgramRejectedError';
  readonly rejected: ProgramRejected;

  constructor(rejected: ProgramRejected) {
    super(rejected.message);
    this.rejected = rejected;
  }
}

/** The coordinator does not answer, or stopped in the middle of it. */
export class CoordinatorAwayError extends UserError {
  override readonly name = 'CoordinatorAwayError';
  /** Such as `ECONNREFUSED`. */
  readonly reason: string;

  constructor(message: string, reason: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** One that is stopped takes connections and says nothing. */
const ANSWER_WITHIN_MS = 2_000;
/** What a coordinator may ask for when it has been asked too much. */
const PATIENCE_S = 60;
const ATTEMPTS = 3;
/**
 * All methods throw UserError when no coordinator can be reached or one refuses. Of several the one that answered last
 * is asked first, then the others in turn; whatever is asked can be asked twice.
 */
export class ApiTransport {
  readonly #connection: Connection;
  readonly #fetch: Fetch;
  #urls: readonly string[];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#urls = connection.urls;
    this.#fetch = fetchTrusting(connection.ca);
  }

  /** Of the coordinator that answered last, or is asked first. */
  get url(): string {
    return this.#urls[0] ?? '';
  }

  async json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.request(method, path, body, 'application/json');
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw this.unreachable(error);
    }
    try {
      return decodeJson(text) as Answer;
    } catch (error) {
      throw new UserError(`coordinator ${this.url}: ${method} ${path}: not JSON`, {
        cause: error,
      });
    }
  }

  async request(
    method: string,
    path: string,
    body: unknown,
    accept: string,
    silence?: AbortController,
  ): Promise<Response> {
    const { token, urls } = this.#connection;
    const request: RequestInit = {
      method,
      headers: {
        accept,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: encodeJson(body) }),
      ...(silence === undefined ? {} : { signal: silence.signal }),
    };
    let failure: unknown;
    for (const url of await this.#inOrder()) {
      try {
        const response = await this.#patiently(url + path, request);
        this.#urls = [url, ...urls.filter((other) => other !== url)];
        if (!response.ok) throw await this.#refused(response);
        return response;
      } catch (error) {
        if (error instanceof UserError || error instanceof ProgramRejectedError) throw error;
        failure = error;
      }
    }
    throw this.unreachable(failure);
  }

  /** One that asks for patience is asked again when it says. */
  async #patiently(url: string, request: RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#fetch(url, request);
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const mayWait = response.status === 429 && attempt < ATTEMPTS && seconds <= PATIENCE_S;
      if (!mayWait) return response;
      await response.body?.cancel();
      await setTimeout(seconds * 1000);
    }
  }

  /** Those first that can do everything, then those that answer at all. */
  async #inOrder(): Promise<readonly string[]> {
    if (this.#urls.length === 1) return this.#urls;
    const alive: string[] = [];
    for (const url of this.#urls) {
      const readiness = await this.#readinessOf(url);
      if (readiness === 'ready') return [url, ...this.#urls.filter((other) => other !== url)];
      if (readiness === 'alive') alive.push(url);
    }
    return alive.length > 0 ? alive : this.#urls;
  }

  /** Another than the one that was asked last. */
  async isAnotherReady(): Promise<boolean> {
    for (const url of this.#urls.slice(1)) {
      if ((await this.#readinessOf(url)) === 'ready') return true;
    }
    return false;
  }

  /** In words, for what broke in the middle of an answer. */
  unreachable(error: unknown): Error {
    if (error instanceof UserError) return error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = reasonOf(cause);
    if (isOfCertificate(reason)) {
      return new UserError(
        `coordinator ${this.url}: its certificate is not trusted here (${reason}): ` +
          'name the certificate of its authority with --ca or BPFLEET_CA',
        { cause: error },
      );
    }
    return new CoordinatorAwayError(
      this.#connection.urls.length > 1
        ? `coordinators ${this.#connection.urls.join(', ')}: ${reason}: is one of them running?`
        : `coordinator ${this.url}: ${reason}: is it running? ` +
            'Name another with --url or BPFLEET_URL, or start one with "bpfleet up"',
      reason,
      { cause: error },
    );
  }

  /** `alive`: it answers, but cannot reach NATS or its store. */
  async #readinessOf(url: string): Promise<'ready' | 'alive' | 'dead'> {
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const { ok } = await this.#fetch(`${url}/readyz`, { signal });
      return ok ? 'ready' : 'alive';
    } catch {
      return 'dead';
    }
  }

  async #refused(response: Response): Promise<Error> {
    const text = await response.text();
    let answer: unknown;
    try {
      answer = decodeJson(text);
    } catch {
      answer = undefined;
    }
    if (typeof answer === 'object' && answer !== null && 'message' in answer) {
      if ('faults' in answer) return new ProgramRejectedError(answer as ProgramRejected);
      return new UserError(String(answer.message));
    }
    return new UserError(`coordinator ${this.url}: ${response.status} ${response.statusText}`);
  }
}

/** OpenSSL's reasons for which a certificate is not taken, and Node's for one of another name. */
function isOfCertificate(reason: string): boolean {
  return /CERT|SIGNATURE|ALTNAME/.test(reason);
}

/** Such as `ECONNREFUSED`. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' ? 'the connection broke' : (code ?? message);
}
