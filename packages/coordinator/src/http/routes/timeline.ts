/** Timelines: lines of JSON, written as fast as they are read, so that no memory fills however long one is. */
import { once } from 'node:events';
import { encodeJson, type TimelineItem, type TimelineRequest } from '@bpfleet/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { messageOf } from '../../store/store-error.ts';
import { answered } from '../answered.ts';
import type { Services } from '../services.ts';

const text = { type: 'string', minLength: 1, maxLength: 4_096 } as const;
const definitions = { type: 'array', items: text, maxItems: 100 } as const;
const number = { type: 'integer', minimum: 0, maximum: 0xffff_ffff } as const;
/** `encodeJson` writes them, and the body has been decoded: they are bigints, of which no schema speaks. */
const unixNs = {} as const;

const timelineBody = {
  type: 'object',
  required: ['sessions'],
  properties: {
    sessions: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: { type: 'object', required: ['id'], properties: { id: text, label: text } },
    },
    host: text,
    pid: number,
    tid: number,
    fromNs: unixNs,
    toNs: unixNs,
    spans: definitions,
    joins: definitions,
    around: {
      type: 'object',
      required: ['withinNs'],
      properties: {
        event: text,
        atNs: unixNs,
        withinNs: unixNs,
        widen: { enum: ['pids', 'hosts'] },
        allSessions: { type: 'boolean' },
      },
    },
  },
} as const;

export function timelineRoutes(app: FastifyInstance, { store }: Services): void {
  app.post<{ Body: TimelineRequest }>(
    '/v1/timeline',
    { config: { role: 'viewer' }, schema: { body: timelineBody } },
    async (request, reply) => {
      const { body } = request;
      for (const ns of [body.fromNs, body.toNs, body.around?.atNs, body.around?.withinNs]) {
        if (ns === undefined || (typeof ns === 'bigint' && ns >= 0n && ns < 2n ** 63n)) continue;
        return reply
          .status(400)
          .send({ code: 'invalid-request', message: 'a time is not in nanoseconds' });
      }
      await store.tryFlush();
      await send(reply, await answered(store.history.timeline(body)));
      return reply;
    },
  );
}

async function send(reply: FastifyReply, items: AsyncGenerator<TimelineItem>): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.on('error', () => undefined);
  raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  try {
    for await (const item of items) {
      if (raw.destroyed) return;
      if (!raw.write(`${encodeJson(item)}\n`)) await drained(raw);
    }
  } catch (error) {
    raw.write(`${encodeJson({ kind: 'fault', message: messageOf(error) })}\n`);
  }
  raw.end();
}

/** A reader that goes away never drains. */
async function drained(raw: FastifyReply['raw']): Promise<void> {
  const gone = new AbortController();
  await Promise.race([
    once(raw, 'drain', { signal: gone.signal }),
    once(raw, 'close', { signal: gone.signal }),
  ]).finally(() => gone.abort());
}
