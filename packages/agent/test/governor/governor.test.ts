/** Which session has to end, and when. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_BUDGET, type Budget } from '../../src/governor/budget.ts';
import { Governor } from '../../src/governor/governor.ts';
import { NO_USAGE, type Usage } from '../../src/governor/usage.ts';

const UNLIMITED: Budget = {
  cpuShare: 1,
  eventsPerSecond: Infinity,
  bytesPerSecond: Infinity,
  mapBytes: Infinity,
  durationMs: Infinity,
};

function governor(limits: Partial<Budget>): Governor {
  const made = new Governor({ ...UNLIMITED, ...limits }, 2);
  made.begin('a', 0);
  made.begin('b', 0);
  return made;
}

function ran(milliseconds: number): Usage {
  const runTimeNs = BigInt(milliseconds) * 1_000_000n;
  return { ...NO_USAGE, cost: { runTimeNs, runs: 1n, availableNs: 1n } };
}

describe('the governor', () => {
  it('allows a burst that the window has room for, and no more', () => {
    const watch = governor({ cpuShare: 0.01 });
    // Two CPUs have 20 s in ten seconds: 200 ms are 1 %.
    watch.report('a', ran(200), 1_000);
    assert.equal(watch.overrun(1_000), undefined);
    watch.report('a', ran(204), 2_000);
    assert.deepEqual(watch.overrun(2_000), {
      session: 'a',
      message:
        'over its budget: 1.02 % of CPU, and 1.00 % of CPU is allowed (--max-cpu of the agent)',
    });
  });

  it('forgets what is older than the window', () => {
    const watch = governor({ cpuShare: 0.01 });
    for (let second = 1; second <= 60; second++) {
      watch.report('a', ran(20 * second), second * 1_000);
      assert.equal(watch.overrun(second * 1_000), undefined, `second ${second}`);
    }
    watch.report('a', ran(20 * 60 + 21), 61_000);
    assert.equal(watch.overrun(61_000)?.session, 'a');
  });

  it('measures over the time that passed when reports are rare', () => {
    const watch = governor({ eventsPerSecond: 100 });
    watch.report('a', { ...NO_USAGE, events: 10 }, 1_000);
    watch.report('a', { ...NO_USAGE, events: 6_010 }, 61_000);
    assert.equal(watch.overrun(61_000), undefined);
    watch.report('a', { ...NO_USAGE, events: 7_200 }, 71_000);
    assert.equal(watch.overrun(71_000)?.session, 'a');
  });

  it('adds sessions up and ends the one that takes most', () => {
    const watch = governor({ eventsPerSecond: 100 });
    watch.report('a', { ...NO_USAGE, events: 450 }, 1_000);
    watch.report('b', { ...NO_USAGE, events: 650 }, 1_000);
    assert.deepEqual(watch.overrun(1_000), {
      session: 'b',
      message:
        'over its budget: 65 events a second and all sessions of the host 110 events a second, and 100 events a second is allowed (--max-events of the agent)',
    });
    watch.end('b');
    assert.equal(watch.overrun(1_000), undefined);
  });

  it('ends one that takes more than it was given, whatever the node could spare', () => {
    const watch = new Governor(UNLIMITED, 2);
    watch.begin('a', 0, { eventsPerSecond: 50 });
    watch.begin('b', 0);
    watch.report('a', { ...NO_USAGE, events: 500 }, 1_000);
    watch.report('b', { ...NO_USAGE, events: 5_000 }, 1_000);
    assert.equal(watch.overrun(1_000), undefined);
    watch.report('a', { ...NO_USAGE, events: 510 }, 2_000);
    assert.deepEqual(watch.overrun(2_000), {
      session: 'a',
      message:
        'over its budget: 51 events a second, and 50 events a second is allowed (--max-events of the run)',
    });
  });

  it('looks at maps as they are now, and at how long sessions run', () => {
    const maps = governor({ mapBytes: 3 << 20 });
    maps.report('a', { ...NO_USAGE, mapBytes: 4 << 20 }, 1);
    assert.match(
      maps.overrun(1)?.message ?? '',
      /4\.0 MiB of maps, and 3\.0 MiB of maps is allowed/,
    );
    const long = governor({ durationMs: 60_000 });
    assert.equal(long.overrun(60_000), undefined);
    assert.match(long.overrun(60_001)?.message ?? '', /it ran for the 60 s that are allowed/);
  });

  it('allows something by default', () => {
    const watch = new Governor(DEFAULT_BUDGET, 2);
    watch.begin('a', 0);
    watch.report('a', { ...NO_USAGE, mapBytes: 1 << 20, events: 1_000, bytes: 1 << 20 }, 1_000);
    assert.equal(watch.overrun(1_000), undefined);
  });
});
