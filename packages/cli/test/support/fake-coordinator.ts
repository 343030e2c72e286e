/** An HTTP server that answers like a coordinator, as far as one test says. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  encodeJson,
  NO_COST,
  NO_LOSSES,
  type HostOutcome,
  type HostState,
  type MapItem,
  type SessionInfo,
} from '@bpfleet/protocol';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

export interface FakeCoordinator extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly Call[];
  /** Answers nobody any more. */
  close(): void;
}

/** `answer` gets the call and the response to end. */
export async function fakeCoordinator(
  answer: (call: Call, response: ServerResponse) => void,
): Promise<FakeCoordinator> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void receive(request).then((call) => {
      calls.push(call);
      answer(call, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close(): void {
      server.closeAllConnections();
      server.close();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(request: IncomingMessage): Promise<Call> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { method = '', url = '', headers } = request;
  return { method, path: url, body, authorization: headers.authorization };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(encodeJson(body));
}

export function event(item: unknown): string {
  return `data: ${encodeJson(item)}\n\n`;
}

function outcome(host: string, state: HostState, reason?: string): HostOutcome {
  return {
    host,
    state,
    late: false,
    losses: NO_LOSSES,
    cost: NO_COST,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A session over hosts in the states given, such as `{ 'web-1': 'ended', 'web-2': 'lost: killed' }`. */
export function session(
  state: SessionInfo['state'],
  hosts: Readonly<Record<string, string>>,
): SessionInfo {
  return {
    id: 's1',
    program: 'BEGIN {}',
    sourceName: 'stdin',
    selector: { hosts: [], labels: {} },
    merge: 'meaning',
    state,
    createdAtMs: 0,
    coverage: {
      hosts: Object.entries(hosts).map(([host, text]) => {
        const [hostState = '', reason] = text.split(': ');
        return outcome(host, hostState as HostState, reason);
      }),
      losses: NO_LOSSES,
      clockErrorNs: 1e6,
      digest: 'd1',
      who: 'tester',
    },
  };
}

/** `@: count` */
export function countItem(count: bigint): MapItem {
  return {
    kind: 'map',
    map: {
      name: '@',
      kernelMap: 'AT_',
      perCpu: true,
      key: undefined,
      value: { kind: 'count' },
      hostLocal: false,
    },
    entries: [{ key: undefined, value: { kind: 'count', count } }],
  };
}
