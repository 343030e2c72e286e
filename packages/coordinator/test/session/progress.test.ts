import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostReport } from '@bpfleet/protocol';
import {
  advance,
  arming,
  DRAIN_TIMEOUT_MS,
  MAX_HOSTS,
  READ_TIMEOUT_MS,
  replay,
  START_DELAY_MS,
  STOP_TIMEOUT_MS,
  type Progress,
  type ProgressEvent,
} from '../../src/session/progress.ts';

const SCHEMA = {
  maps: [],
  events: [],
  output: { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 0 },
} as const;

type Body =
  | { readonly kind: 'armed' | 'attached' }
  | { readonly kind: 'failed'; readonly fault: 'program' | 'host'; readonly message: string }
  | { readonly kind: 'lost'; readonly message: string }
  | { readonly kind: 'ended'; readonly reason: 'exit' | 'stopped' | 'duration' | 'lease' };

function report(host: string, body: Body, storedAtMs = 0): ProgressEvent {
  const start = { version: 1, session: 's', host, atMs: 0 } as const;
  const loaded = { schema: SCHEMA, schemaHash: '', probes: 1, warnings: '' };
  const whole = { ...start, ...loaded, ...body } as HostReport;
  return { kind: 'report', report: whole, storedAtMs };
}

function after(start: Progress, nowMs: number, ...events: readonly ProgressEvent[]): Progress {
  return events.reduce((progress, event) => advance(progress, event, nowMs), start);
}

const TWO = arming(['a', 'b'], 15_000);
const RUNNING = after(
  TWO,
  1_000,
  report('a', { kind: 'armed' }),
  report('b', { kind: 'armed' }),
  report('a', { kind: 'attached' }),
  report('b', { kind: 'attached' }),
);

describe('the progress of a session', () => {
  it('starts everybody at one moment once all hosts are armed', () => {
    const one = after(TWO, 500, report('a', { kind: 'armed' }));
    assert.equal(one.state, 'arming');
    const both = after(one, 1_000, report('b', { kind: 'armed' }));
    assert.equal(both.state, 'running');
    assert.equal(both.startAtMs, 1_000 + START_DELAY_MS);
  });

  it('does not wait for a host that was not there, and takes it in when it comes', () => {
    const start = arming(['a'], 15_000, { absent: ['b'] });
    const running = after(start, 0, report('a', { kind: 'armed' }));
    assert.equal(running.state, 'running');
    assert.equal(running.hosts.get('b')?.state, 'lost');
    assert.equal(running.hosts.get('b')?.reason, 'no live agent of this name');
    const joined = after(running, 900, report('b', { kind: 'armed' }, 900));
    assert.deepEqual(joined.hosts.get('b'), { state: 'armed', late: true });
  });

  it('starts without a host that has failed', () => {
    const failed = { kind: 'failed', fault: 'host', message: 'no BTF' } as const;
    const progress = after(TWO, 0, report('a', { kind: 'armed' }), report('b', failed));
    assert.equal(progress.state, 'running');
    assert.equal(progress.hosts.get('b')?.reason, 'no BTF');
  });

  it('starts without a slow host when the time for arming is over', () => {
    const one = after(TWO, 500, report('a', { kind: 'armed' }));
    assert.equal(after(one, 14_999, { kind: 'tick' }).state, 'arming');
    assert.equal(after(one, 15_000, { kind: 'tick' }).state, 'running');
  });

  it('starts nothing with fewer hosts than were asked for', () => {
    const both = arming(['a', 'b'], 15_000, { hostsNeeded: 2 });
    const one = after(both, 500, report('a', { kind: 'armed' }));
    assert.equal(one.state, 'arming');
    const late = after(one, 15_000, { kind: 'tick' });
    assert.equal(late.state, 'failed');
    assert.equal(late.hosts.get('b')?.reason, 'did not arm in time');
    assert.equal(after(one, 600, report('b', { kind: 'armed' })).state, 'running');
  });

  it('fails as soon as too few hosts are left to arm', () => {
    const start = arming(['a', 'b', 'c'], 15_000, { hostsNeeded: 3 });
    const failed = { kind: 'failed', fault: 'host', message: 'no BTF' } as const;
    const progress = after(start, 1, report('a', { kind: 'armed' }), report('b', failed));
    assert.equal(progress.state, 'failed');
  });

  it('fails when no host can arm', () => {
    const failed = { kind: 'failed', fault: 'program', message: 'no' } as const;
    const progress = after(TWO, 5, report('a', failed), report('b', failed));
    assert.equal(progress.state, 'failed');
    assert.equal(progress.endedAtMs, 5);
  });

  it('fails when no host answers in time', () => {
    const progress = after(TWO, 15_000, { kind: 'tick' });
    assert.equal(progress.state, 'failed');
    assert.equal(progress.hosts.get('a')?.reason, 'did not arm in time');
  });

  it('ends when the last frame of every host has come', () => {
    const one = after(RUNNING, 2_000, { kind: 'frame', host: 'a', end: { reason: 'exit' } });
    assert.equal(one.state, 'running');
    const both = after(one, 3_000, { kind: 'frame', host: 'b', end: { reason: 'exit' } });
    assert.equal(both.state, 'ended');
    assert.equal(both.endedAtMs, 3_000);
  });

  it('waits for the last frame after a host has reported its end, but not for ever', () => {
    const ended = { kind: 'ended', reason: 'exit' } as const;
    const reported = after(RUNNING, 2_000, report('a', ended), report('b', ended));
    assert.equal(reported.state, 'running');
    const late = after(reported, 2_100, { kind: 'frame', host: 'a', end: { reason: 'exit' } });
    assert.equal(late.hosts.get('a')?.state, 'ended');
    const given = after(late, 4_000, { kind: 'tick' });
    assert.equal(given.state, 'ended');
    assert.equal(given.hosts.get('b')?.reason, 'its last frame never arrived');
  });

  it('marks a host that arms after the start as late', () => {
    const progress = after(RUNNING, 9_000, report('c', { kind: 'armed' }, 9_000));
    assert.deepEqual(progress.hosts.get('c'), { state: 'armed', late: true });
    assert.equal(progress.hosts.get('a')?.late, false);
  });

  it('says when a host let go for want of its coordinator', () => {
    const progress = after(RUNNING, 9_000, { kind: 'frame', host: 'a', end: { reason: 'lease' } });
    assert.equal(progress.hosts.get('a')?.reason, 'detached: no contact with the coordinator');
  });

  it('gives a stopped host up when it does not end', () => {
    const stopping = after(RUNNING, 2_000, { kind: 'stop' });
    assert.equal(stopping.state, 'stopping');
    const one = after(stopping, 2_100, { kind: 'frame', host: 'a', end: { reason: 'stopped' } });
    assert.equal(after(one, 2_100 + STOP_TIMEOUT_MS - 1, { kind: 'tick' }).state, 'stopping');
    const ended = after(one, 2_100 + STOP_TIMEOUT_MS, { kind: 'tick' });
    assert.equal(ended.state, 'ended');
    assert.equal(ended.hosts.get('b')?.state, 'lost');
  });

  it('waits for hosts that cannot have heard that they are to stop', () => {
    const stopping = after(RUNNING, 2_000, { kind: 'stop' });
    const backMs = 2_000 + 5 * STOP_TIMEOUT_MS;
    const back = replay(stopping, { kind: 'cut-off' }, backMs);
    assert.equal(after(back, backMs + STOP_TIMEOUT_MS - 1, { kind: 'tick' }).state, 'stopping');
    assert.equal(after(back, backMs + STOP_TIMEOUT_MS, { kind: 'tick' }).state, 'ended');
    assert.equal(replay(RUNNING, { kind: 'cut-off' }, backMs), RUNNING);
  });

  it('waits for a stopped host whose last frames still come, though not for ever', () => {
    const frame = { kind: 'frame', host: 'b' } as const;
    let progress = after(RUNNING, 2_000, { kind: 'stop' });
    for (let nowMs = 2_000; nowMs < 2_000 + DRAIN_TIMEOUT_MS; nowMs += STOP_TIMEOUT_MS / 2) {
      progress = after(progress, nowMs, frame, { kind: 'tick' });
      assert.equal(progress.state, 'stopping');
    }
    assert.equal(after(progress, 2_000 + DRAIN_TIMEOUT_MS, frame, { kind: 'tick' }).state, 'ended');
  });

  it('gives nobody up whose last frames are in the stream and have not been read, though not for ever', () => {
    const frame: ProgressEvent = { kind: 'frame', host: 'b', behind: true };
    let progress = after(RUNNING, 2_000, { kind: 'stop' });
    for (let nowMs = 2_000; nowMs < 2_000 + READ_TIMEOUT_MS; nowMs += STOP_TIMEOUT_MS / 2) {
      progress = after(progress, nowMs, frame, { kind: 'tick' });
      assert.equal(progress.state, 'stopping');
    }
    assert.equal(after(progress, 2_000 + READ_TIMEOUT_MS, { kind: 'tick' }).state, 'ended');
  });

  it('counts the hosts that come when it has as many as it takes', () => {
    const full = arming(
      Array.from({ length: MAX_HOSTS }, (_, index) => `host-${index}`),
      15_000,
    );
    const asked = after(
      full,
      0,
      report('one', { kind: 'armed' }),
      report('one', { kind: 'attached' }),
    );
    const again = after(asked, 0, report('other', { kind: 'armed' }));
    assert.deepEqual([again.hosts.size, again.refusedHosts], [MAX_HOSTS, 2]);
  });

  it('stops by itself when hosts overstay their duration', () => {
    const armed = after(
      arming(['a'], 15_000, { durationMs: 5_000 }),
      0,
      report('a', { kind: 'armed' }),
    );
    const overdueMs = START_DELAY_MS + 5_000 + STOP_TIMEOUT_MS;
    assert.equal(after(armed, overdueMs - 1, { kind: 'tick' }).state, 'running');
    assert.equal(after(armed, overdueMs, { kind: 'tick' }).state, 'stopping');
  });

  it('takes a silent host back when it speaks again', () => {
    const lost = { kind: 'host-lost', host: 'b', reason: 'silence', silent: true } as const;
    const without = after(RUNNING, 2_000, lost);
    assert.equal(without.hosts.get('b')?.state, 'lost');
    const back = after(without, 3_000, { kind: 'frame', host: 'b' });
    assert.deepEqual(back.hosts.get('b'), { state: 'attached', late: false, counted: true });
  });

  it('does not take back a host whose runner is gone', () => {
    const without = after(RUNNING, 2_000, report('b', { kind: 'lost', message: 'killed' }));
    const after1 = after(without, 3_000, { kind: 'frame', host: 'b' });
    assert.equal(after1.hosts.get('b')?.state, 'lost');
    assert.equal(after1.hosts.get('b')?.reason, 'killed');
  });

  it('keeps saying what interrupted a host when a new runner has taken over', () => {
    const interrupted = { late: true, counted: true, interrupted: 'killed' };
    const without = after(RUNNING, 2_000, report('b', { kind: 'lost', message: 'killed' }));
    const again = after(without, 3_000, report('b', { kind: 'armed' }, 3_000));
    assert.deepEqual(again.hosts.get('b'), { ...interrupted, state: 'armed' });
    const ended = after(again, 4_000, { kind: 'frame', host: 'b', end: { reason: 'stopped' } });
    assert.deepEqual(ended.hosts.get('b'), { ...interrupted, state: 'ended' });
  });

  it('calls a host that had not begun when it fell silent late, not interrupted', () => {
    const silence = { kind: 'host-lost', host: 'b', reason: 'silence', silent: true } as const;
    const without = after(TWO, 500, report('a', { kind: 'armed' }), silence);
    const back = after(without, 3_000, report('b', { kind: 'armed' }, 3_000));
    assert.deepEqual(back.hosts.get('b'), { state: 'armed', late: true });
  });

  it('waits for hosts that are only silent for as long as they may still hold their probes', () => {
    const silence = { kind: 'host-lost', reason: 'silence', silent: true } as const;
    const hosts = ['a', 'b'].map((host) => ({ ...silence, host, awayUntilMs: 9_000 }));
    const without = after(RUNNING, 2_000, ...hosts);
    assert.equal(after(without, 8_999, { kind: 'tick' }).state, 'running');
    assert.equal(after(without, 9_000, { kind: 'tick' }).state, 'ended');
    assert.equal(after(without, 3_000, { kind: 'stop' }).state, 'ended');
  });

  it('draws no conclusions in the middle of a replay', () => {
    const restored: Progress = { ...arming(['a', 'b'], 15_000), state: 'running', startAtMs: 1 };
    const events = [
      report('a', { kind: 'armed' }),
      { kind: 'frame', host: 'a', end: { reason: 'exit' } },
      report('b', { kind: 'armed' }),
    ] as const;
    const replayed = events.reduce<Progress>((at, event) => replay(at, event, 99_000), restored);
    assert.equal(replayed.state, 'running');
    assert.equal(after(replayed, 99_000, { kind: 'tick' }).state, 'running');
  });

  it('does not change any more once it is over', () => {
    const over = after(TWO, 15_000, { kind: 'tick' });
    assert.equal(after(over, 16_000, report('a', { kind: 'armed' }), { kind: 'stop' }), over);
  });

  it('says of a host that its agent stopped what the agent said', () => {
    const message = 'over its budget: 3.00 % of CPU, and 1.00 % of CPU is allowed';
    const stopped = after(RUNNING, 2_000, {
      kind: 'frame',
      host: 'a',
      end: { reason: 'budget', message },
    });
    const expected = { state: 'ended', late: false, counted: true, reason: message };
    assert.deepEqual(stopped.hosts.get('a'), expected);
    assert.equal(stopped.state, 'running');
  });
});
