import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pino from 'pino';
import { EntryWriter } from '../../src/session/entry-writer.ts';

const log = pino({ level: 'silent' });

describe('the KV entry of a session', () => {
  it('is written again until the broker has the newest state', async () => {
    const written: string[] = [];
    let away = true;
    let failed: () => void = () => undefined;
    const firstFailure = new Promise<void>((resolve) => (failed = resolve));
    let done: () => void = () => undefined;
    const last = new Promise<void>((resolve) => (done = resolve));
    const entry = new EntryWriter(
      async (body) => {
        if (away) {
          failed();
          throw new Error('timeout');
        }
        written.push(body);
        if (body === 'stop') done();
        return Promise.resolve();
      },
      log,
      1,
    );
    entry.put('run');
    await firstFailure;
    entry.put('stop');
    away = false;
    await last;
    await entry.close();
    assert.deepEqual(written, ['stop']);
  });

  it('is given up when the coordinator closes while the broker is away', async () => {
    const entry = new EntryWriter(async () => Promise.reject(new Error('timeout')), log, 1);
    entry.put('run');
    await entry.close();
  });
});
