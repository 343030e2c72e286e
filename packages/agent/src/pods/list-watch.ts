/**
 * Follows a collection of the API server by its list and watch protocol
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes): a list, then what changes
 * after it; a list again when the server does not remember that far back. While it cannot be asked, what is known stays.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesError, type KubernetesClient } from './kubernetes-client.ts';

export interface ListWatchOptions {
  /** `/api/v1/pods` */
  readonly path: string;
  /** `spec.nodeName=node-1` */
  readonly fieldSelector: string;
  /** All there is. */
  readonly onList: (objects: readonly unknown[]) => void;
  readonly onChange: (type: 'changed' | 'gone', object: unknown) => void;
  /** The message when it fails, undefined when it works again; of equal ones in a row the first. */
  readonly onHealth: (failure: string | undefined) => void;
  readonly retry?: RetryTimes;
}

export interface RetryTimes {
  readonly firstMs: number;
  readonly mostMs: number;
}

const RETRY: RetryTimes = { firstMs: 500, mostMs: 30_000 };
const PAGE = 500;
const LIST_TIMEOUT_MS = 60_000;
/** After so long the server ends a watch, and so do we soon after if it does not; spread so that agents do not come at once. */
const WATCH_SECONDS = 300;
const WATCH_SPREAD_SECONDS = 120;
const WATCH_PATIENCE_MS = 20_000;
const GONE = 410;

interface Fields {
  readonly [name: string]: unknown;
}

export class ListWatch {
  readonly #client: KubernetesClient;
  readonly #options: ListWatchOptions;
  /** From where to watch; undefined: list first. */
  #version: string | undefined;
  #failure: string | undefined;
  #failures = 0;

  constructor(client: KubernetesClient, options: ListWatchOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Until the signal is aborted; throws nothing. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#list(signal);
        await this.#watch(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isGone(error) && this.#version !== undefined) {
          this.#version = undefined;
          await this.#pause(this.#retry.firstMs, signal);
        } else {
          await this.#failed(error, signal);
        }
      }
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const objects: unknown[] = [];
    let token = '';
    let version = '';
    do {
      const query = new URLSearchParams({
        fieldSelector: this.#options.fieldSelector,
        limit: String(PAGE),
        ...(token === '' ? {} : { continue: token }),
      });
      const answer = await this.#client.get(
        `${this.#options.path}?${query.toString()}`,
        AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)]),
      );
      const { items, metadata } = fieldsOf(answer);
      if (!Array.isArray(items)) throw new KubernetesError(`${this.#options.path}: no list`);
      objects.push(...(items as readonly unknown[]));
      token = textOf(fieldsOf(metadata)['continue']);
      version = textOf(fieldsOf(metadata)['resourceVersion']);
    } while (token !== '');
    this.#options.onList(objects);
    this.#version = version;
    this.#works();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const seconds = WATCH_SECONDS + Math.round(Math.random() * WATCH_SPREAD_SECONDS);
    const query = new URLSearchParams({
      fieldSelector: this.#options.fieldSelector,
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#version ?? '',
      timeoutSeconds: String(seconds),
    });
    const overdue = AbortSignal.timeout(seconds * 1000 + WATCH_PATIENCE_MS);
    const started = performance.now();
    for await (const line of this.#client.lines(
      `${this.#options.path}?${query.toString()}`,
      AbortSignal.any([signal, overdue]),
    )) {
      this.#take(fieldsOf(line));
      this.#works();
    }
    // A server that ends every watch at once shall not be asked without end.
    if (performance.now() - started < this.#retry.firstMs) {
      await this.#pause(this.#retry.firstMs, signal);
    }
  }

  #take({ type, object }: Fields): void {
    if (type === 'ERROR') {
      const { code, message } = fieldsOf(object);
      throw new KubernetesError(
        `${this.#options.path}: ${textOf(message)}`,
        typeof code === 'number' ? code : undefined,
      );
    }
    const version = textOf(fieldsOf(fieldsOf(object)['metadata'])['resourceVersion']);
    if (type === 'ADDED' || type === 'MODIFIED') this.#options.onChange('changed', object);
    if (type === 'DELETED') this.#options.onChange('gone', object);
    // Bookmarks carry nothing else.
    if (version !== '') this.#version = version;
  }

  get #retry(): RetryTimes {
    return this.#options.retry ?? RETRY;
  }

  #works(): void {
    this.#failures = 0;
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#options.onHealth(undefined);
  }

  async #failed(error: unknown, signal: AbortSignal): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    // The number of the last change is part of a watch's address.
    const told = message.replace(/\?[^ :]*/, '');
    if (this.#failure !== told) this.#options.onHealth(told);
    this.#failure = told;
    const { firstMs, mostMs } = this.#retry;
    const waitMs = Math.min(firstMs * 2 ** this.#failures++, mostMs);
    await this.#pause(waitMs, signal);
  }

  /** Not for the same time on all nodes, which would come back all at once. */
  async #pause(mostMs: number, signal: AbortSignal): Promise<void> {
    const ms = mostMs * (0.5 + Math.random() / 2);
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === GONE;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
