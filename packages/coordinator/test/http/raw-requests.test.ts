/** Requests that are too large, too slow, or two in one: sent over sockets, byte by byte. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Access } from '../../src/auth/access.ts';
import type { Authenticator } from '../../src/auth/principal.ts';
import { createApp, MAX_BODY_BYTES, MAX_HEADER_BYTES } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';

const NAMES: Authenticator = {
  authenticate: async (name) =>
    name.startsWith('x') ? undefined : { name, role: 'viewer', via: 'token' },
};

async function newApp(): Promise<FastifyInstance> {
  const services = {
    sessions: { running: () => [] },
    store: { audit: async () => {}, history: { events() {}, spans() {}, points() {} } },
  } as unknown as Services;
  const access = new Access({ authenticators: [NAMES] });
  return createApp({ services, access, log: pino({ level: 'silent' }) });
}

describe('a request on a socket', () => {
  let app: FastifyInstance;
  before(async () => {
    app = await newApp();
    await app.listen({ host: '127.0.0.1', port: 0 });
  });
  after(async () => app.close());

  /** The first lines of all answers, once the server has closed the connection. */
  async function answers(...parts: readonly string[]): Promise<readonly string[]> {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    // A server that has said no need not take the rest.
    socket.on('error', () => {});
    for (const part of parts) socket.write(part);
    if (!socket.closed) await once(socket, 'close');
    return text.match(/^HTTP\/1\.1 \d+/gm) ?? [];
  }

  const head = 'Host: a\r\nAuthorization: Bearer ann\r\nContent-Type: application/json\r\n';
  const hidden = `GET /v1/sessions HTTP/1.1\r\n${head}Connection: close\r\n\r\n`;

  it('has one length: what two readers could part in two ways is refused whole', async () => {
    for (const lengths of [
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n',
      'Content-Length: 5\r\nContent-Length: 6\r\n',
      'Content-Length: +5\r\n',
      'Content-Length: 5, 5\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
      'Transfer-Encoding: xchunked\r\n',
      'Transfer-Encoding : chunked\r\n',
      'Content-Length: 99999999999999999999\r\n',
    ]) {
      const request = `POST /v1/query HTTP/1.1\r\n${head}${lengths}\r\n0\r\n\r\n`;
      assert.deepEqual(await answers(request + hidden), ['HTTP/1.1 400'], lengths);
    }
  });

  it('has chunks whose sizes are numbers', async () => {
    const chunked = `POST /v1/query HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n`;
    for (const size of ['-1', '0x5', 'fffffffffffffffff', '', '5 5', 'z']) {
      const got = await answers(`${chunked}${size}\r\n{"a"}\r\n0\r\n\r\n${hidden}`);
      assert.deepEqual(got, ['HTTP/1.1 400'], size);
    }
  });

  it('has headers and a body of bounded sizes', async () => {
    const large = `X: ${'a'.repeat(MAX_HEADER_BYTES)}\r\n`;
    assert.deepEqual(await answers(`GET /v1/sessions HTTP/1.1\r\n${head}${large}\r\n`), [
      'HTTP/1.1 431',
    ]);
    const length = `Content-Length: ${MAX_BODY_BYTES + 1}\r\nConnection: close\r\n`;
    const answer = await answers(`POST /v1/query HTTP/1.1\r\n${head}${length}\r\n`);
    assert.deepEqual(answer, ['HTTP/1.1 413']);
  });

  it('has a time to come in', () => {
    const { headersTimeout, requestTimeout } = app.server;
    assert.deepEqual([headersTimeout, requestTimeout], [15_000, 60_000]);
  });
});
