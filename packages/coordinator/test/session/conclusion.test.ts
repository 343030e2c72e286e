import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concluded, conclusionOf } from '../../src/session/conclusion.ts';
import type { HostProgress } from '../../src/session/host-progress.ts';
import { HostTable } from '../../src/session/host-table.ts';
import { arming, type Progress } from '../../src/session/progress.ts';

function progress(
  hosts: Readonly<Record<string, HostProgress>>,
  state: Progress['state'],
): Progress {
  return { ...arming([], 0), state, hosts: HostTable.of(Object.entries(hosts)), endedAtMs: 5 };
}

const ENDED: HostProgress = { state: 'ended', late: false };

describe('how a session ended', () => {
  it('is told by another coordinator as its owner found it', () => {
    const lost: HostProgress = { state: 'lost', late: true, reason: 'gone' };
    const owner = progress({ one: ENDED, two: lost, three: { ...ENDED, late: true } }, 'ended');
    const conclusion = conclusionOf(owner, 7, 3);
    assert.deepEqual([conclusion.lastSequence, conclusion.refusedRows], [7, 3]);
    assert.deepEqual(Object.keys(conclusion.hosts), ['two', 'three']);
    const seen = progress({ one: { state: 'attached', late: false }, two: ENDED }, 'stopping');
    const told = concluded(seen, conclusion);
    assert.deepEqual([told.state, told.endedAtMs], ['ended', 5]);
    assert.deepEqual(new Map(told.hosts), new Map(owner.hosts));
  });

  it('may be that it never began', () => {
    const failed: HostProgress = { state: 'failed', late: false, reason: 'no', fault: 'program' };
    const conclusion = conclusionOf(progress({ one: failed }, 'failed'), 1, 0);
    assert.equal(conclusion.state, 'failed');
    assert.deepEqual(concluded(progress({}, 'arming'), conclusion).hosts.get('one'), failed);
  });
});
