import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDesiredSession } from '@bpfleet/protocol';
import {
  decodeStored,
  encodeStored,
  pagesOf,
  withMemo,
  type StoredSession,
} from '../../src/session/stored-session.ts';

const THOUSANDS = Array.from({ length: 10_000 }, (_, index) => `host-${index}.example.com`);
const CLOCK = { offsetNs: 1_234_567, errorNs: 12_345_678, bootToUnixNs: '1795000000000000000' };

function session(hosts: readonly string[]): StoredSession {
  return {
    version: 1,
    id: 's1',
    program: 'BEGIN { @ = count(); }',
    sourceName: 'stdin',
    parameters: [],
    selector: { hosts: [], labels: {} },
    unsafe: false,
    state: 'run',
    createdAtMs: 1,
    who: 'test',
    memo: {
      merge: 'meaning',
      hosts,
      armDeadlineMs: 2,
      clocks: Object.fromEntries(hosts.map((host) => [host, CLOCK])),
      owner: 'a',
    },
  };
}

describe('a session in the bucket', () => {
  it('is what it was, with all that coordinators keep of its hosts', () => {
    const late = { late: CLOCK, '10': CLOCK, '9': CLOCK };
    const stored = withMemo(session(['web-2', 'web-1', '7']), {
      clocks: late,
      conclusion: {
        state: 'ended',
        endedAtMs: 3,
        lastSequence: 4,
        refusedRows: 0,
        hosts: { 'web-1': { state: 'lost', late: false, reason: 'gone' } },
      },
    });
    const text = encodeStored(stored);
    assert.equal(pagesOf(text.body), text.pages.length);
    assert.deepEqual(decodeStored(text), stored);
  });

  it('gives agents no more to read for ten thousand hosts than for one, and NATS nothing too large', () => {
    const { body, pages } = encodeStored(session(THOUSANDS));
    assert.ok(body.length < encodeStored(session(['one'])).body.length + 10);
    assert.equal(parseDesiredSession(body)?.state, 'run');
    const NATS_MAX_BYTES = 1024 ** 2;
    for (const page of pages) assert.ok(Buffer.byteLength(page) < NATS_MAX_BYTES);
    assert.deepEqual(decodeStored({ body, pages })?.memo.hosts, THOUSANDS);
  });

  it('changes in one page where one host comes late', () => {
    const before = session(THOUSANDS);
    const after = withMemo(before, { clocks: { ...before.memo.clocks, late: CLOCK } });
    const [old, now] = [encodeStored(before), encodeStored(after)];
    assert.equal(old.body, now.body);
    assert.deepEqual(old.pages.slice(0, -1), now.pages.slice(0, old.pages.length - 1));
  });

  it('has other pages under another owner, so that the one before cannot write them', () => {
    const stored = session(['web-1']);
    const taken = withMemo(stored, { owner: 'b' });
    assert.notDeepEqual(encodeStored(stored).pages, encodeStored(taken).pages);
  });

  it('keeps a part of what a verifier said of each of thousands of hosts', () => {
    const reason = 'R1 invalid mem access '.repeat(20_000);
    const stored = withMemo(session(['web-1', 'web-2', 'web-3']), {
      conclusion: {
        state: 'failed',
        endedAtMs: 3,
        lastSequence: 4,
        refusedRows: 0,
        hosts: { 'web-1': { state: 'failed', late: false, reason } },
      },
    });
    const { pages } = encodeStored(stored);
    assert.ok(pages.join('').length < reason.length);
  });

  it('is none where a page is missing or junk', () => {
    const { body, pages } = encodeStored(session(['web-1']));
    for (const junk of [
      '',
      'null',
      '[]',
      '{"hosts":1}',
      '{"hosts":[["a"]]}',
      '{"hosts":[[1,{}]]}',
    ]) {
      assert.equal(decodeStored({ body, pages: [junk] }), undefined);
    }
    assert.equal(decodeStored({ body: 'null', pages }), undefined);
  });
});
