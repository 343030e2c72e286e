import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';
import { BpfMap } from '../../src/map/bpf-map.ts';
import { RingBuffer } from '../../src/map/ring-buffer.ts';
import { RingConsumer } from '../../src/map/ring-consumer.ts';

const PAGE = 4096;

/** A ring buffer of one page, to which the test writes as the kernel would. */
function setUp() {
  const kernel = new FakeKernel();
  const consumerPage = new ArrayBuffer(PAGE);
  const producerPages = new ArrayBuffer(3 * PAGE);
  kernel.memory.set(0, consumerPage).set(PAGE, producerPages);
  const map = BpfMap.create(
    { name: 'events', type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: PAGE, flags: 0 },
    kernel,
    1,
  );
  const ring = new RingBuffer(map, kernel, PAGE);
  const view = new DataView(producerPages);
  const produce = (...records: number[]): void => {
    let position = view.getUint32(0, true);
    for (const record of records) {
      for (const copy of [PAGE, 2 * PAGE]) {
        view.setUint32(copy + (position % PAGE), 4, true);
        view.setUint32(copy + (position % PAGE) + 8, record, true);
      }
      position += 16;
    }
    view.setUint32(0, position, true);
  };
  const consumed = (): bigint => new DataView(consumerPage).getBigUint64(0, true);
  return { kernel, ring, produce, consumed };
}

function number(record: Uint8Array): number {
  return new DataView(record.buffer, record.byteOffset).getUint32(0, true);
}

test('drains what was produced and gives the room back', () => {
  const { ring, produce, consumed } = setUp();
  produce(1, 2, 3);
  assert.equal(ring.availableBytes, 48);
  const received: number[] = [];
  assert.equal(
    ring.drain((record) => received.push(number(record))),
    3,
  );
  assert.deepEqual(received, [1, 2, 3]);
  assert.equal(consumed(), 48n);
  assert.equal(ring.availableBytes, 0);
});

test('says how far it has read before the kernel may write over that', () => {
  const { ring, produce, consumed } = setUp();
  produce(1, 2, 3);
  const told: (readonly [position: bigint, consumed: bigint])[] = [];
  ring.onConsume((position) => told.push([position, consumed()]));
  ring.drain(() => undefined);
  assert.deepEqual(told, [[48n, 0n]]);
});

test('passes by what another reader has read already, and nothing else', () => {
  const { ring, produce } = setUp();
  produce(1, 2, 3);
  const received: number[] = [];
  ring.skipTo(16n);
  ring.skipTo(0n);
  ring.drain((record) => received.push(number(record)));
  assert.deepEqual(received, [2, 3]);
});

test('stops where that is enough for now', () => {
  const { ring, produce, consumed } = setUp();
  produce(1, 2, 3);
  const received: number[] = [];
  const take = (record: Uint8Array): void => void received.push(number(record));
  assert.equal(
    ring.drain(take, () => received.length === 2),
    2,
  );
  assert.equal(consumed(), 32n);
  assert.equal(ring.drain(take), 1);
  assert.deepEqual(received, [1, 2, 3]);
});

test('leaves what comes during a drain to the next one', () => {
  const { ring, produce } = setUp();
  produce(1);
  assert.equal(
    ring.drain(() => {
      produce(2);
    }),
    1,
  );
  assert.equal(ring.availableBytes, 16);
});

test('delivers again what its handler threw on', () => {
  const { ring, produce, consumed } = setUp();
  produce(1);
  assert.throws(() =>
    ring.drain(() => {
      throw new Error('no');
    }),
  );
  assert.equal(consumed(), 0n);
  assert.equal(
    ring.drain(() => undefined),
    1,
  );
});

test('keeps its memory mapped until a drain that closes it has ended', () => {
  const { kernel, ring, produce } = setUp();
  produce(1, 2);
  ring.drain(() => {
    ring.close();
    assert.ok(!kernel.log.includes('munmap 0'));
  });
  assert.ok(kernel.log.includes('munmap 0'));
  assert.ok(kernel.log.includes(`munmap ${PAGE}`));
  assert.equal(ring.availableBytes, 0);
  assert.equal(
    ring.drain(() => assert.fail('the ring is closed')),
    0,
  );
});

test('a consumer drains when woken, and flushes on demand', () => {
  const { kernel, ring, produce } = setUp();
  const received: number[] = [];
  const drains: number[] = [];
  using consumer = new RingConsumer(ring, kernel, {
    onRecord: (record) => received.push(number(record)),
    onDrained: (records) => drains.push(records),
    onError: assert.ifError,
  });
  produce(1, 2);
  kernel.onReadable?.();
  produce(3);
  assert.equal(consumer.flush(), 1);
  assert.deepEqual(received, [1, 2, 3]);
  assert.deepEqual(drains, [2, 1]);
});

test('a consumer finds records that came without a wake-up', async () => {
  const { kernel, ring, produce } = setUp();
  produce(7);
  const record = await new Promise<number>((resolve, reject) => {
    const consumer = new RingConsumer(ring, kernel, {
      onRecord: (bytes) => {
        resolve(number(bytes));
        consumer.stop();
      },
      onError: reject,
    });
  });
  assert.equal(record, 7);
  assert.equal(kernel.onReadable, undefined);
});

test('a consumer stops at the first record its handler throws on', () => {
  const { kernel, ring, produce } = setUp();
  const errors: unknown[] = [];
  using consumer = new RingConsumer(ring, kernel, {
    onRecord: () => {
      throw new Error('bad record');
    },
    onError: (error) => errors.push(error),
  });
  produce(1);
  kernel.onReadable?.();
  assert.equal(errors.length, 1);
  assert.equal(consumer.flush(), 0);
});
