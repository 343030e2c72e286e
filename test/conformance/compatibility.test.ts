/** The section of docs/compatibility.md that a run writes. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { between, compatibilityText } from './compatibility.ts';

const section = compatibilityText({
  passed: 1,
  failed: 2,
  skipped: 2,
  cases: [
    { suite: 'a', name: 'good', kind: 'passed' },
    { suite: 'a', name: 'one', kind: 'skipped', reason: 'needs `x`' },
    { suite: 'b', name: 'two', kind: 'skipped', reason: 'needs `x`' },
    { suite: 'b', name: 'bad', kind: 'failed', reasons: ['expected 1\ngot 2', 'more'], output: '' },
    { suite: 'b', name: 'worse', kind: 'failed', reasons: ['exit code 1'], output: 'x\nERROR: y' },
  ],
});

suite('the section of the cases that do not pass', () => {
  test('has them by reason', () => {
    assert.equal(
      section,
      "1 cases pass, 2 fail, 2 are skipped.\n\n### Failed\n\n- `expected 1`: `b.bad`\n- `ERROR: y`: `b.worse`\n\n### Skipped\n\n- `needs 'x'`: `a.one`, `b.two`\n",
    );
  });

  test('replaces itself', () => {
    const page =
      'head\n\n<!-- begin of npm run conformance -->\nold\n<!-- end of npm run conformance -->\n\ntail\n';
    const once = between(page, section);
    assert.ok(once.startsWith('head\n') && once.endsWith('\ntail\n') && !once.includes('old'));
    assert.equal(between(once, section), once);
  });

  test('needs its place', () => {
    assert.throws(() => between('head\n', section), /no lines/);
  });
});
