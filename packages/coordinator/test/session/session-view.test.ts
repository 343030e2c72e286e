import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionView } from '../../src/session/session-view.ts';

describe('the view of a session', () => {
  it('counts the frames of a host that it cannot read, before it has a schema and after', () => {
    const view = new SessionView('meaning');
    assert.equal(view.summary('a'), undefined);
    view.refuse('a');
    view.refuse('a');
    assert.equal(view.summary('a')?.losses.coordinator, 2);
    const output = { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 0 };
    view.arm('b', 'hash', { maps: [], events: [], output });
    view.chooseReference();
    assert.equal(view.summary('a')?.losses.coordinator, 2);
    assert.equal(view.summary('b')?.losses.coordinator, 0);
  });
});
