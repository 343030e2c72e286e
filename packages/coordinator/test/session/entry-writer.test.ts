import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pino from 'pino';
import { EntryChangedError } from '../../src/nats/entry-bucket.ts';
import type { PagedText } from '../../src/nats/paged-bucket.ts';
import { EntryWriter, type EntryWriterOptions } from '../../src/session/entry-writer.ts';

const log = pino({ level: 'silent' });

describe('the KV entry of a session', () => {
  it('is written again until the broker has the newest state', async () => {
    const written: string[] = [];
    let away = true;
    let failed: () => void = () => undefined;
    const firstFailure = new Promise<void>((resolve) => (failed = resolve));
    let done: () => void = () => undefined;
    const last = new Promise<void>((resolve) => (done = resolve));
    const entry = writer(async ({ body }, revision) => {
      if (away) {
        failed();
        throw new Error('timeout');
      }
      written.push(body);
      if (body === 'stop') done();
      return Promise.resolve(revision + 1);
    });
    entry.put(text('run'));
    await firstFailure;
    entry.put(text('stop'));
    away = false;
    await last;
    await entry.close();
    assert.deepEqual(written, ['stop']);
  });

  it('is given up when the coordinator closes while the broker is away', async () => {
    const entry = writer(async () => Promise.reject(new Error('timeout')));
    entry.put(text('run'));
    await entry.close();
  });

  it('replaces the revision that was written last', async () => {
    const replaced: number[] = [];
    const entry = writer(async (_text, revision) => {
      replaced.push(revision);
      return Promise.resolve(revision + 10);
    });
    entry.put(text('run'));
    await entry.written();
    entry.put(text('stop'));
    await entry.written();
    assert.deepEqual(replaced, [1, 11]);
    assert.equal(entry.revision, 21);
  });

  it('is written by what was found, where somebody else has written but not taken the session', async () => {
    let newest = 5;
    const written: string[] = [];
    const entry: EntryWriter = writer(
      async ({ body }, revision) => {
        if (revision !== newest) throw new EntryChangedError('changed');
        written.push(body);
        newest += 1;
        return Promise.resolve(newest);
      },
      async () => {
        entry.put(text('stop, as was asked for'));
        return Promise.resolve(newest);
      },
    );
    entry.put(text('run'));
    await entry.written();
    assert.deepEqual(written, ['stop, as was asked for']);
  });

  it('is not written by a coordinator that has lost the session', async () => {
    let writes = 0;
    const entry = writer(
      async () => {
        writes += 1;
        return Promise.reject(new EntryChangedError('changed'));
      },
      async () => Promise.resolve(undefined),
    );
    entry.put(text('run'));
    await entry.written();
    assert.equal(writes, 1);
  });
});

function text(body: string): PagedText {
  return { body, pages: [] };
}

function writer(
  write: EntryWriterOptions['write'],
  look: EntryWriterOptions['look'] = async () => Promise.resolve(undefined),
): EntryWriter {
  return new EntryWriter({ write, look, revision: 1, log, retryAfterMs: 1 });
}
