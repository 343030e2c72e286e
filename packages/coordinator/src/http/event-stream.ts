/**
 * Server-sent events of one session to one reader. What waits for a slow reader is bounded: beyond that the newest
 * items are dropped and the reader is told how many, since a session must never wait for a terminal.
 */
import type { StreamItem } from '@bpfleet/protocol';
import { encodeJson } from '@bpfleet/protocol';
import type { FastifyReply } from 'fastify';

/** A burst of a few hundred thousand lines. */
const MAX_WAITING_BYTES = 64 * 1024 ** 2;
/** Readers give a coordinator up that says nothing three times as long. */
const KEEP_ALIVE_MS = 5_000;

/** @param subscribe begins the delivery and returns what ends it */
export function streamEvents(
  reply: FastifyReply,
  subscribe: (deliver: (items: readonly StreamItem[]) => void) => () => void,
): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();
  let dropped = 0;
  const keepAlive = setInterval(() => raw.write(': keep-alive\n\n'), KEEP_ALIVE_MS);
  const unsubscribe = subscribe((items) => {
    // State and the result are small and few, and a reader that misses the result would wait for ever.
    const full = raw.writableLength > MAX_WAITING_BYTES;
    const taken = full ? items.filter(({ kind }) => kind !== 'output' && kind !== 'live') : items;
    if (full) dropped += items.filter(({ kind }) => kind === 'output').length;
    // The result is the last chance to tell, however much still waits.
    const isOver = taken.some(({ kind }) => kind === 'result');
    if (dropped > 0 && (isOver || !full)) {
      raw.write(textOf(lostItem(dropped)));
      dropped = 0;
    }
    if (taken.length > 0) raw.write(taken.map(textOf).join(''));
    if (!isOver) return;
    // A large result takes its time, and a word after the end would be an error.
    clearInterval(keepAlive);
    raw.end();
  });
  raw.on('close', () => {
    clearInterval(keepAlive);
    unsubscribe();
  });
  // A reader that is gone is closed next.
  raw.on('error', () => undefined);
}

function textOf(item: StreamItem): string {
  return `data: ${encodeJson(item)}\n\n`;
}

function lostItem(count: number): StreamItem {
  const unixNs = BigInt(Date.now()) * 1_000_000n;
  return { kind: 'output', item: { kind: 'lost-events', unixNs, count } };
}
