/** A result as it was printed, and parts of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, MapItem, OutputItem } from '@bpfleet/protocol';
import { renderText } from '@bpfleet/protocol';
import {
  BOOT_NS,
  count,
  mapFrame,
  mapSchema,
  PRINTF,
  printfRecord,
  recordedStore,
  schemaOf,
  type RecordedStore,
} from '../support/recorded-store.ts';

const SCHEMA = schemaOf(
  [mapSchema('@'), mapSchema('@kept')],
  [PRINTF, { kind: 'print-map', map: '@', top: undefined, divisor: undefined }],
);

/** Three seconds of `print(@); clear(@)`, with a line each second. */
function frames(factor: number): readonly Frame[] {
  const all: Frame[] = [];
  for (let window = 0; window < 3; window++) {
    const values = { read: count(factor * (window + 1)) };
    const nsecs = BigInt(window + 1) * 1_000_000_000n;
    const { entries } = mapFrame('@', values) as Frame & { kind: 'map' };
    all.push(
      { kind: 'events', records: [printfRecord(nsecs - 1n, BigInt(window))] },
      mapFrame('@', values, window, nsecs),
      mapFrame('@kept', { k: count(factor * (window + 1) * 100) }, 0, nsecs),
      { kind: 'print', event: 1, ordinal: window, nsecs, entries },
      mapFrame('@', {}, window + 1, nsecs),
    );
  }
  return all;
}

function text(items: readonly OutputItem[]): string {
  return items.map((item) => renderText(item).text).join('');
}

describe('a session of the history', { concurrency: false }, () => {
  let recorded: RecordedStore;
  const show = (...args: Parameters<RecordedStore['store']['history']['show']>) =>
    recorded.store.history.show(...args);

  before(async () => {
    recorded = await recordedStore();
    await recorded.record({ id: 'sabc' }, SCHEMA, { a: frames(1), b: frames(10) });
    await recorded.record({ id: 'sabd' }, SCHEMA, { a: frames(1) });
    await recorded.record({ id: 'sx' }, SCHEMA, { a: [] });
  });
  after(async () => recorded[Symbol.asyncDispose]());

  it('shows what was printed, and the maps as they were at the end', async () => {
    const { output, maps, omitted } = await show('sabc');
    assert.equal(text(output), '0\n0\n@[read]: 11\n1\n1\n@[read]: 22\n2\n2\n@[read]: 33\n');
    assert.equal(text(maps), '@kept[k]: 3300\n');
    assert.equal(omitted, undefined);
  });

  it('shows the hosts apart', async () => {
    const { output, maps } = await show('sabc', { byHost: true });
    assert.equal(text(maps), '@kept[a, k]: 300\n@kept[b, k]: 3000\n');
    assert.match(text(output), /@\[a, read\]: 3\n@\[b, read\]: 30\n$/);
  });

  it('shows a window of its maps', async () => {
    assert.equal(text((await show('sabc', { window: 1 })).maps), '@[read]: 22\n');
    assert.equal(text((await show('sabc', { window: 0 })).maps), '@[read]: 11\n@kept[k]: 3300\n');
    assert.deepEqual((await show('sabc', { window: 1 })).output, []);
  });

  it('shows the last window that holds anything', async () => {
    assert.equal(
      text((await show('sabc', { window: 'last' })).maps),
      '@[read]: 33\n@kept[k]: 3300\n',
    );
  });

  it('shows the window in which a moment lies', async () => {
    const at = async (ms: bigint): Promise<string> =>
      text((await show('sabc', { windowAtNs: BOOT_NS + ms * 1_000_000n })).maps);
    assert.equal(await at(500n), '@[read]: 11\n@kept[k]: 3300\n');
    assert.equal(await at(1500n), '@[read]: 22\n@kept[k]: 3300\n');
    assert.equal(await at(2000n), '@[read]: 22\n@kept[k]: 3300\n');
    await assert.rejects(
      show('sabc', { windowAtNs: BOOT_NS + 10n ** 13n }),
      /has nothing in a window at that moment: its maps are known from 2023-11-14 22:13:21/,
    );
  });

  it('says which windows there are', async () => {
    await assert.rejects(
      show('sabc', { window: 7 }),
      /^HistoryFault: session sabc has nothing in window 7: its maps have windows 0 to 2$/,
    );
    await assert.rejects(
      show('sx', { window: 'last' }),
      /^HistoryFault: session sx has nothing in window last: its maps hold nothing$/,
    );
  });

  it('shows a range of time', async () => {
    const second = (at: number): bigint => BOOT_NS + BigInt(at) * 1_000_000_000n;
    const { output } = await show('sabc', { fromNs: second(1), toNs: second(2) });
    assert.equal(text(output), '@[read]: 11\n1\n1\n');
  });

  it('shows the last lines of many, and says how many are left out', async () => {
    const { output, omitted } = await show('sabc', { lines: 2 });
    assert.equal(text(output), '2\n2\n@[read]: 33\n');
    assert.deepEqual(omitted, { lines: 4, maps: 2, beforeNs: BOOT_NS + 2_999_999_999n });
  });

  it('is found by the beginning of its id, where that is clear', async () => {
    assert.equal((await show('sx')).session.id, 'sx');
    assert.equal((await show('sabc')).session.id, 'sabc');
    await assert.rejects(
      show('sab'),
      /^HistoryFault: sab is the beginning of several sessions: sabc, sabd$/,
    );
    await assert.rejects(show(''), /no session : "bpfleet/);
    await assert.rejects(show('s%'), /no session s%: "bpfleet history ls" lists all$/);
  });

  it('knows what was printed together', async () => {
    const { output } = await show('sabc');
    const printed = output.filter((item): item is MapItem => item.kind === 'map');
    assert.deepEqual(
      printed.map(({ reporting }) => reporting),
      [
        [2, 2],
        [2, 2],
        [2, 2],
      ],
    );
  });
});
