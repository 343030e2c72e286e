/**
 * Requests to the API server: lists as JSON, watches as lines of JSON. The official client would do the same in twice the
 * memory that a whole agent may take, most of it for classes of objects that are not asked for.
 */
import { readFileSync } from 'node:fs';
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { createInterface } from 'node:readline';
import type { KubernetesApi } from './kubernetes-api.ts';

/** What the server answered, if it did. */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  /** Of HTTP; undefined without an answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** Of answers to lists, which come in pages, and of single objects, which etcd bounds to 1.5 MB. */
const MAX_ANSWER_BYTES = 64 << 20;
const MAX_REASON_BYTES = 64 << 10;
const KEEP_ALIVE_MS = 15_000;

export class KubernetesClient {
  readonly #api: KubernetesApi;

  constructor(api: KubernetesApi) {
    this.#api = api;
  }

  /** Throws KubernetesError. */
  async get(path: string, signal: AbortSignal): Promise<unknown> {
    const response = await this.#request(path, signal);
    try {
      return JSON.parse(await textOf(response, MAX_ANSWER_BYTES)) as unknown;
    } catch (error) {
      throw asFault(path, error);
    }
  }

  /** Each line that comes, until the server ends it. Throws KubernetesError. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator {
    const response = await this.#request(path, signal);
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        if (line !== '') yield JSON.parse(line) as unknown;
      }
      // An interface of lines keeps to itself that its input broke off.
      if (response.errored !== null) throw response.errored;
    } catch (error) {
      throw asFault(path, error);
    } finally {
      response.destroy();
    }
  }

  async #request(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.#send(path, signal).catch((error: unknown) => {
      throw asFault(path, error);
    });
    if (response.statusCode === 200) return response;
    const status = response.statusCode ?? 0;
    const reason = await textOf(response, MAX_REASON_BYTES).catch(() => '');
    throw new KubernetesError(`GET ${path}: ${status} ${messageOf(reason)}`.trimEnd(), status);
  }

  #send(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, tokenPath, caPath } = this.#api;
    const headers: Record<string, string> = { accept: 'application/json' };
    return new Promise((resolve, reject) => {
      if (tokenPath !== undefined) {
        headers['authorization'] = `Bearer ${readFileSync(tokenPath, 'utf8').trim()}`;
      }
      const target = new URL(path, url);
      const sent =
        target.protocol === 'https:'
          ? requestTls(target, {
              headers,
              signal,
              ...(caPath === undefined ? {} : { ca: readFileSync(caPath) }),
            })
          : requestPlain(target, { headers, signal });
      sent.on('response', resolve).on('error', reject);
      // A server that is gone without a word is noticed.
      sent.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
      sent.end();
    });
  }
}

async function textOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Of a `Status` object, else the text. */
function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return body.split('\n')[0]?.slice(0, 200) ?? '';
  }
}

function asFault(path: string, error: unknown): KubernetesError {
  if (error instanceof KubernetesError) return error;
  const what = error instanceof Error ? error.message : String(error);
  return new KubernetesError(`GET ${path}: ${what}`, undefined, error);
}
