import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EntryChangedError, type EntryBucket } from '../../src/nats/entry-bucket.ts';
import { PagedBucket, type PagedChange } from '../../src/nats/paged-bucket.ts';
import { memoryBucket } from './memory-bucket.ts';

/** An entry says how many pages it has. */
function paged(bucket: EntryBucket): PagedBucket {
  return new PagedBucket(bucket, (body) => Number(/pages (\d+)/.exec(body)?.[1] ?? 0));
}

const TWO = { body: 'pages 2', pages: ['one', 'two'] };

describe('an entry with pages', () => {
  it('is read as it was written, with the newest revision of its parts', async () => {
    const bucket = memoryBucket();
    const revision = await paged(bucket).write('a', TWO, 0);
    const entry = await paged(bucket).read('a');
    assert.deepEqual(entry, { id: 'a', ...TWO, revision });
    assert.deepEqual(await paged(bucket).list(), [entry]);
    assert.deepEqual((await bucket.read('a'))?.body, TWO.body);
  });

  it('is written in those parts that have changed', async () => {
    const bucket = memoryBucket();
    const entries = paged(bucket);
    const first = await entries.write('a', TWO, 0);
    const before = (await bucket.read('a'))?.revision;
    const second = await entries.write('a', { ...TWO, pages: ['one', 'three'] }, first);
    assert.ok(second > first);
    assert.equal((await bucket.read('a'))?.revision, before);
    assert.equal(await entries.write('a', { ...TWO, pages: ['one', 'three'] }, second), second);
    assert.deepEqual((await entries.read('a'))?.pages, ['one', 'three']);
  });

  it('is told of once all its parts are there', async () => {
    const bucket = memoryBucket();
    const changes: PagedChange[] = [];
    await paged(bucket).watch((change) => changes.push(change));
    await paged(bucket).write('a', TWO, 0);
    assert.deepEqual(
      changes.map(({ text }) => text?.pages),
      [TWO.pages],
    );
    // One that begins to watch hears the parts by age: the page that was written last comes after the entry.
    const writer = paged(bucket);
    const known = await writer.read('a');
    await writer.write('a', { ...TWO, pages: ['one', 'three'] }, known?.revision ?? 0);
    const later: PagedChange[] = [];
    await paged(bucket).watch((change) => later.push(change));
    assert.deepEqual(
      later.map(({ text }) => text?.pages),
      [['one', 'three']],
    );
  });

  it('is written by one of two that replace the same revision, whichever part they change', async () => {
    const bucket = memoryBucket();
    const revision = await paged(bucket).write('a', TWO, 0);
    const [one, other] = [paged(bucket), paged(bucket)];
    await one.read('a');
    await other.read('a');
    await one.write('a', { ...TWO, pages: ['mine', 'two'] }, revision);
    await assert.rejects(
      other.write('a', { ...TWO, pages: ['theirs', 'two'] }, revision),
      EntryChangedError,
    );
    // It learns of it, and still has not seen what it would replace.
    await other.read('a');
    await assert.rejects(
      other.write('a', { ...TWO, pages: ['theirs', 'two'] }, revision),
      EntryChangedError,
    );
    assert.deepEqual((await one.read('a'))?.pages, ['mine', 'two']);
  });

  it('goes with its pages, and comes no more', async () => {
    const bucket = memoryBucket();
    const entries = paged(bucket);
    const revision = await entries.write('a', TWO, 0);
    const changes: PagedChange[] = [];
    await entries.watch((change) => changes.push(change));
    await entries.remove('a', revision);
    assert.deepEqual(await bucket.ids(), []);
    assert.equal(changes.at(-1)?.text, undefined);
    assert.equal(await entries.read('a'), undefined);
  });

  it('is not made of names that nobody gave a page', async () => {
    const bucket = memoryBucket();
    await bucket.write('a.x', 'junk', 0);
    await bucket.write('a.999999999', 'junk', 0);
    const changes: PagedChange[] = [];
    const entries = paged(bucket);
    await entries.watch((change) => changes.push(change));
    assert.deepEqual(changes, []);
    assert.deepEqual(await entries.list(), []);
    await entries.write('a', TWO, 0);
    assert.deepEqual((await entries.read('a'))?.pages, TWO.pages);
  });
});
