/** The section of docs/compatibility.md that a run writes. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { between, compatibilityText, type Report } from './compatibility.ts';

const skipped = { kind: 'skipped', reason: 'needs `x`' } as const;
const own: Report = {
  kernel: '6.18.1-own',
  passed: 1,
  failed: 2,
  skipped: 2,
  cases: [
    { suite: 'a', name: 'good', kind: 'passed' },
    { suite: 'a', name: 'one', ...skipped },
    { suite: 'b', name: 'two', ...skipped },
    { suite: 'b', name: 'bad', kind: 'failed', reasons: ['expected 1\ngot 2', 'more'], output: '' },
    { suite: 'b', name: 'worse', kind: 'failed', reasons: ['exit code 1'], output: 'x\nERROR: y' },
  ],
};
const section = compatibilityText(own);

suite('the section of the cases that do not pass', () => {
  test('has them by reason', () => {
    assert.equal(
      section,
      "Linux 6.18: 1 cases pass, 2 fail, 2 are skipped.\n\n### Failed\n\n- `expected 1`: `b.bad`\n- `ERROR: y`: `b.worse`\n\n### Skipped\n\n- `needs 'x'`: `a.one`, `b.two`\n",
    );
  });

  test('says what becomes of them in VMs', () => {
    const vm: Report = {
      kernel: '6.12.3-amd64',
      passed: 1,
      failed: 1,
      skipped: 0,
      cases: [
        { suite: 'a', name: 'one', kind: 'passed' },
        { suite: 'b', name: 'two', kind: 'failed', reasons: ['expected 2'], output: '' },
      ],
    };
    const lines = compatibilityText(own, [vm]).split('\n');
    for (const line of [
      'In a VM: Linux 6.12: 1 cases pass, 1 fail, 0 are skipped.',
      'Of 5 cases 2 pass on one of these kernels at least.',
      "- `needs 'x'`; pass in a VM, Linux 6.12: `a.one`",
      "- `needs 'x'`; pass in no VM: `b.two`",
      '### Not passed on Linux 6.12, in a VM',
      '- failed: `expected 2`: `b.two`',
    ]) {
      assert.ok(lines.includes(line), line);
    }
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
