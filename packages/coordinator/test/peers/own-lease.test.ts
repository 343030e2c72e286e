import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CoordinatorInfo } from '@bpfleet/protocol';
import pino from 'pino';
import { EntryChangedError, type Entry, type EntryBucket } from '../../src/nats/entry-bucket.ts';
import { OwnLease } from '../../src/peers/own-lease.ts';

const log = pino({ level: 'silent' });

/** A bucket in memory, which keeps count of its revisions. */
function memoryBucket(): EntryBucket {
  const entries = new Map<string, Entry>();
  let revision = 0;
  return {
    read: async (id) => Promise.resolve(entries.get(id)),
    list: async () => Promise.resolve([...entries.values()]),
    write: async (id, body, replaced) => {
      if ((entries.get(id)?.revision ?? 0) !== replaced) throw new EntryChangedError(id);
      revision += 1;
      entries.set(id, { id, body, revision });
      return Promise.resolve(revision);
    },
    remove: async (id) => {
      entries.delete(id);
      return Promise.resolve();
    },
    watch: async () => Promise.resolve(),
  };
}

function info(process: string): CoordinatorInfo {
  return { version: 1, id: 'a', process, startedAtMs: 0 };
}

describe('the lease of a coordinator', () => {
  it('holds from the start, and not after it was released', async () => {
    const bucket = memoryBucket();
    const lease = await OwnLease.take(bucket, info('p'), log);
    assert.equal(lease.holds(), true);
    await lease.release();
    assert.equal(lease.holds(), false);
    assert.match((await bucket.read('a'))?.body ?? '', /"released":true/);
    await lease.held();
  });

  it('goes over to the next process of the same id, and the earlier one learns of it', async () => {
    const bucket = memoryBucket();
    const earlier = await OwnLease.take(bucket, info('p'), log);
    const later = await OwnLease.take(bucket, info('q'), log);
    assert.equal(later.holds(), true);
    await earlier.lost;
    assert.equal(earlier.holds(), false);
    await later.release();
  });
});
