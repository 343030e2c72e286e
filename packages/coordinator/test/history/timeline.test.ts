/** Timelines of several sessions out of the store: threads in the order of their host's clock, gaps, and what is near. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Frame, Schema, TimelineItem, TimelineRequest } from '@bpfleet/protocol';
import {
  BOOT_NS,
  recordedStore,
  sessionInfo,
  type RecordedStore,
} from '../support/recorded-store.ts';

const SCHEMA: Schema = {
  maps: [],
  events: [
    {
      kind: 'printf',
      format: '%d\n',
      arguments: [{ offset: 24, type: { kind: 'integer', size: 8, signed: true }, dynamic: false }],
      names: ['key'],
      probes: ['kprobe:f'],
    },
  ],
  output: { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 1 },
};

/** Printed `key` at that boot time. */
function record(nsecs: number, key: number, thread: number = 7): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(nsecs), true);
  view.setUint32(8, thread, true);
  view.setUint32(12, thread, true);
  view.setBigInt64(24, BigInt(key), true);
  return bytes;
}

suite('timelines', () => {
  let recorded: RecordedStore;

  /** @param skewNs what this session thinks the host's clock is behind */
  async function keep(id: string, skewNs: bigint, records: readonly Uint8Array[]): Promise<void> {
    const { store } = recorded;
    const recorder = store.newRecorder(id);
    const frame: Frame = { kind: 'events', records };
    const header = { session: id, host: 'a', schemaHash: 'h', epoch: 1, sequence: 0 };
    const timed = { ...header, bootToUnixNs: BOOT_NS + skewNs };
    await recorder.record({ header: timed, frame, schema: SCHEMA, streamSequence: 1 });
    await store.putSession({ info: sessionInfo({ id }, ['a']), schemas: { h: SCHEMA } }, 1);
    await store.flush();
  }

  async function timeline(request: TimelineRequest): Promise<readonly TimelineItem[]> {
    const items: TimelineItem[] = [];
    for await (const item of await recorded.store.history.timeline(request)) items.push(item);
    return items;
  }

  async function keys(request: TimelineRequest): Promise<readonly string[]> {
    const items = await timeline(request);
    return items.flatMap((item) =>
      item.kind === 'event'
        ? [
            `${item.label} ${item.event.text.trim()} ${item.gapNs ?? '-'}${item.isCentre === true ? ' *' : ''}`,
          ]
        : [],
    );
  }

  before(async () => {
    recorded = await recordedStore();
    await keep('one', 0n, [
      record(1_000, 1),
      record(3_000, 3),
      record(3_500, 9, 8),
      record(5_000, 5),
    ]);
    await keep('two', 400_000n, [record(2_000, 2), record(4_000, 4)]);
  });
  after(async () => {
    await recorded[Symbol.asyncDispose]();
  });

  test('put the events of one thread in order, though two sessions know its clock differently', async () => {
    assert.deepEqual(await keys({ sessions: [{ id: 'one', label: 'x' }, { id: 'two' }], tid: 7 }), [
      'x 1 -',
      'two 2 1000',
      'x 3 1000',
      'two 4 1000',
      'x 5 1000',
    ]);
  });

  test('show a part of time, of a process, and of a host', async () => {
    const sessions = [{ id: 'one' }];
    const fromNs = BOOT_NS + 3_000n;
    assert.deepEqual(await keys({ sessions, fromNs, toNs: BOOT_NS + 5_000n }), [
      'one 3 -',
      'one 9 -',
    ]);
    assert.deepEqual(await keys({ sessions, pid: 8 }), ['one 9 -']);
    await assert.rejects(keys({ sessions, host: 'b' }), /session one printed nothing on host b/);
    await assert.rejects(keys({ sessions: [{ id: 'none' }] }), /no session none/);
  });

  test('show what is near an event, on its thread or around it, in all sessions', async () => {
    const sessions = [{ id: 'one' }];
    const near = { event: 'a/1/0/1', withinNs: 1_000n };
    assert.deepEqual(await keys({ sessions, around: near }), ['one 3 - *']);
    assert.deepEqual(await keys({ sessions, around: { ...near, widen: 'pids' } }), [
      'one 3 - *',
      'one 9 -',
    ]);
    const moment = { atNs: BOOT_NS + 401_000n, withinNs: 2_000n, allSessions: true };
    assert.deepEqual(await keys({ sessions, around: { ...moment, withinNs: 400_000n } }), [
      'one 1 -',
      'two 2 1000',
      'one 3 1000',
      'one 9 -',
      'two 4 1000',
      'one 5 1000',
    ]);
    await assert.rejects(
      keys({ sessions, around: { ...near, event: 'a/1/0/77' } }),
      /has no event a\/1\/0\/77/,
    );
    await assert.rejects(keys({ sessions, around: { ...near, event: 'x' } }), /not an event: x/);
  });

  test('join sessions by their labels, and say what is wrong with a join', async () => {
    const sessions = [
      { id: 'one', label: 'client' },
      { id: 'two', label: 'server' },
    ];
    const items = await timeline({ sessions, joins: ['client.tid = server.tid within 1us'] });
    const pairs = items.flatMap((item) =>
      item.kind === 'pair' ? [`${item.pair.left.text.trim()} ${item.pair.right.text.trim()}`] : [],
    );
    assert.deepEqual(pairs, ['1 2', '3 2', '3 4', '5 4']);
    await assert.rejects(
      timeline({ sessions, joins: ['client.none = server.key within 1us'] }),
      /nothing that client prints has none/,
    );
    await assert.rejects(
      timeline({ sessions: [{ id: 'one' }, { id: 'one' }] }),
      /one is named twice/,
    );
  });
});
