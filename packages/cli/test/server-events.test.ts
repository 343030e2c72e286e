/** Server-sent events, cut anywhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { serverEvents } from '../src/server-events.ts';

async function read(chunks: readonly Uint8Array[]): Promise<readonly string[]> {
  const found: string[] = [];
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  for await (const data of serverEvents(body())) found.push(data);
  return found;
}

test('events come out whole however the bytes are cut', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text)));
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 7 }), async (data, size) => {
      const bytes = new TextEncoder().encode(
        data.map((text) => `: note\n\ndata: ${text}\n\n`).join(''),
      );
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      assert.deepEqual(await read(chunks), data);
    }),
  );
});
