import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CoordinatorInfo } from '@bpfleet/protocol';
import pino from 'pino';
import { memoryBucket } from '../nats/memory-bucket.ts';
import { OwnLease } from '../../src/peers/own-lease.ts';

const log = pino({ level: 'silent' });

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
