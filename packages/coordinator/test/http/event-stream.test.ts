import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, mock } from 'node:test';
import { decodeJson, type OutputItem, type StreamItem } from '@bpfleet/protocol';
import type { FastifyReply } from 'fastify';
import { streamEvents } from '../../src/http/event-stream.ts';

const LONGER_THAN_KEEP_ALIVE_MS = 60_000;

const MORE_THAN_WAITS_BYTES = 65 * 1024 ** 2;

/** What a reader gets that takes nothing before all has been delivered. */
async function readLate(deliveries: readonly (readonly StreamItem[])[]): Promise<string> {
  const server = createServer((_request, response) => {
    streamEvents(
      { hijack: () => undefined, raw: response } as unknown as FastifyReply,
      (deliver) => {
        for (const items of deliveries) deliver(items);
        return () => undefined;
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}`);
  const text = await response.text();
  server.close();
  return text;
}

function line(text: string): StreamItem {
  return { kind: 'output', item: { kind: 'cat', unixNs: 0n, text } };
}

describe('a stream of events', () => {
  it('tells with the result how many lines its reader was too slow for', async () => {
    const result = { kind: 'result', maps: [] } as unknown as StreamItem;
    const text = await readLate([
      [line('x'.repeat(MORE_THAN_WAITS_BYTES))],
      [line('one'), line('two')],
      [line('three')],
      [result],
    ]);
    const items = text
      .split('\n\n')
      .filter((message) => message !== '')
      .map((message) => decodeJson(message.slice('data: '.length)) as StreamItem)
      .map((item) => (item.kind === 'output' ? item.item : item));
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['cat', 'lost-events', 'result'],
    );
    assert.equal(items[1]?.kind === 'lost-events' && items[1].count, 3);
  });

  it('says nothing more after a result that its reader is slow to take', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const errors: unknown[] = [];
    const text = 'x'.repeat(16 * 1024 ** 2);
    const large: OutputItem = { kind: 'cat', unixNs: 0n, text };
    const result = { kind: 'result', maps: [large] } as unknown as StreamItem;
    const server = createServer((_request, response) => {
      response.on('error', (error) => errors.push(error));
      streamEvents(
        { hijack: () => undefined, raw: response } as unknown as FastifyReply,
        (deliver) => {
          deliver([result]);
          return () => undefined;
        },
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // The reader takes the head and leaves the rest where it is.
    const request = get({ host: '127.0.0.1', port });
    const [reader] = (await once(request, 'response')) as [IncomingMessage];
    mock.timers.tick(LONGER_THAN_KEEP_ALIVE_MS);
    let received = 0;
    for await (const chunk of reader) received += (chunk as Buffer).length;
    assert.ok(received > text.length);
    assert.deepEqual(errors, []);
    mock.timers.reset();
    server.close();
  });
});
