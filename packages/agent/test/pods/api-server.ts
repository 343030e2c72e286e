/**
 * Stands in for an API server: lists and watches of pods and nodes by HTTP as the real one writes them, with the faults that it
 * has: versions that are too old, watches that end, no answers.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

type KubernetesObject = Readonly<Record<string, unknown>>;

interface Meta {
  readonly uid?: string;
  readonly name?: string;
  readonly resourceVersion?: string;
}

interface Watched {
  readonly kind: 'pods' | 'nodes';
  readonly selector: string;
}

export class ApiServer {
  /** What was asked, in order: method, path and parameters. */
  readonly requests: string[] = [];
  readonly tokens = new Set<string>();
  /** Answered to everything while it is set. */
  refusal: { readonly status: number; readonly message: string } | undefined;
  /** Of a list, so that it comes in pages. */
  pageSize = 500;
  readonly #objects = {
    pods: new Map<string, KubernetesObject>(),
    nodes: new Map<string, KubernetesObject>(),
  };
  readonly #watches = new Map<ServerResponse, Watched>();
  readonly #sockets = new Set<Socket>();
  readonly #waiting: (() => void)[] = [];
  #server: Server | undefined;
  #version = 1000;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** At the port it had before, if it had one. */
  async start(): Promise<this> {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** As if it were killed: connections break. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#watches.clear();
    await closed;
  }

  /** Adds or changes; watchers are told. */
  put(kind: 'pods' | 'nodes', object: KubernetesObject): void {
    const stored = this.#stamp(object);
    const key = nameOf(stored);
    const type = this.#objects[kind].has(key) ? 'MODIFIED' : 'ADDED';
    this.#objects[kind].set(key, stored);
    this.#tell(kind, { type, object: stored });
  }

  remove(kind: 'pods' | 'nodes', object: KubernetesObject, silently = false): void {
    const stored = this.#stamp(object);
    this.#objects[kind].delete(nameOf(stored));
    if (!silently) this.#tell(kind, { type: 'DELETED', object: stored });
  }

  /** Says how far a watcher has come, and nothing else. */
  bookmark(): void {
    this.#version++;
    const object = {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(this.#version), creationTimestamp: null },
    };
    this.#tell('pods', { type: 'BOOKMARK', object });
  }

  /** Tells watchers that it does not remember so far back. */
  expire(): void {
    const object = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'too old resource version: 1001 (2002)',
      reason: 'Expired',
      code: 410,
    };
    this.#tell('pods', { type: 'ERROR', object });
    this.endWatches();
  }

  /** As it does after `timeoutSeconds`. */
  endWatches(): void {
    for (const response of this.#watches.keys()) response.end();
    this.#watches.clear();
  }

  /** Resolves once so many requests have been made that fit. */
  async asked(pattern: RegExp, times = 1): Promise<void> {
    while (this.requests.filter((request) => pattern.test(request)).length < times) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  get version(): string {
    return String(this.#version);
  }

  #stamp(object: KubernetesObject): KubernetesObject {
    this.#version++;
    const metadata = object['metadata'] as KubernetesObject;
    return { ...object, metadata: { ...metadata, resourceVersion: String(this.#version) } };
  }

  #tell(
    kind: 'pods' | 'nodes',
    event: { readonly type: string; readonly object: KubernetesObject },
  ): void {
    for (const [response, watched] of this.#watches) {
      if (watched.kind !== kind) continue;
      if (!isSelected(event.object, watched.selector)) continue;
      response.write(`${JSON.stringify(event)}\n`);
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
    this.tokens.add(request.headers.authorization ?? '');
    const refusal = this.refusal;
    const kind = pathname === '/api/v1/pods' ? 'pods' : 'nodes';
    const selector = searchParams.get('fieldSelector') ?? '';
    if (refusal !== undefined) {
      const { status, message } = refusal;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', status: 'Failure', message, code: status }));
    } else if (searchParams.get('watch') === '1') {
      response.writeHead(200, {
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      });
      response.flushHeaders();
      this.#watches.set(response, { kind, selector });
      response.on('close', () => this.#watches.delete(response));
    } else {
      const all = [...this.#objects[kind].values()].filter((object) =>
        isSelected(object, selector),
      );
      const from = Number(searchParams.get('continue') ?? 0);
      const next = from + this.pageSize;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          kind: kind === 'pods' ? 'PodList' : 'NodeList',
          apiVersion: 'v1',
          metadata: {
            resourceVersion: this.version,
            ...(next < all.length ? { continue: String(next) } : {}),
          },
          items: all.slice(from, next),
        }),
      );
    }
    this.requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Bookmarks and errors are for everybody. */
function isSelected(object: KubernetesObject, selector: string): boolean {
  const { name } = (object['metadata'] ?? {}) as Meta;
  const node = (object['spec'] as { readonly nodeName?: string } | undefined)?.nodeName;
  if (name === undefined) return true;
  return selector === (node === undefined ? `metadata.name=${name}` : `spec.nodeName=${node}`);
}

function nameOf({ metadata }: KubernetesObject): string {
  const { uid, name } = metadata as Meta;
  return uid ?? name ?? '';
}
