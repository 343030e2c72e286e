/** A policy is taken as it is written, or refused with the place of what is wrong. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePolicy } from '../../src/policy/parse-policy.ts';

const FULL = `{
  "probes": { "allow": ["kprobe", "uprobe"], "deny": ["iter"] },
  "never": {
    "functions": ["tcp_*", "nf_tables:*"],
    "tracepoints": ["syscalls:sys_enter_keyctl"],
    "files": ["/usr/sbin/sshd"],
    "cgroups": ["/system.slice/vault*.service"]
  },
  "unsafe": true,
  "redact": true,
  "budget": { "cpu": "0.5%", "eventsPerSecond": 10, "bytesPerSecond": 20, "mapBytes": 30, "durationSeconds": 40 }
}`;

describe('the text of a policy', () => {
  it('is read in full', () => {
    const policy = parsePolicy('p.json', FULL);
    assert.deepEqual(policy.allowed, ['kprobe', 'uprobe']);
    assert.deepEqual(policy.denied, ['iter']);
    assert.deepEqual(policy.functions[1], { field: 'never.functions[1]', pattern: 'nf_tables:*' });
    assert.deepEqual(policy.budget, {
      ...{ cpuShare: 0.005, eventsPerSecond: 10, bytesPerSecond: 20, mapBytes: 30 },
      durationMs: 40_000,
    });
    assert.equal(policy.unsafe, true);
    assert.equal(policy.redact, true);
  });

  it('allows no unsafe programs where it does not say so', () => {
    assert.equal(parsePolicy('p.json', '{}').unsafe, false);
  });

  for (const [text, says] of [
    ['', 'policy p.json:1: expected a value, not the end'],
    ['[]', 'policy p.json:1: the file is not an object: { … }'],
    ['{\n "unsafe": 1 }', 'policy p.json:2: unsafe is neither true nor false'],
    ['{\n\n "unsave": true }', 'policy p.json:3: unsave is no setting; did you mean unsafe?'],
    ['{ "unsafe": true,\n"unsafe": false }', 'policy p.json:2: "unsafe" is there twice'],
    ['{ "unsafe": true } x', 'policy p.json:1: "x" after the end'],
    ['{ "unsafe": true, }', 'policy p.json:1: expected a name in quotes, not "}"'],
    ['{ "__proto__": true }', /^policy p.json:1: __proto__ is no setting; there are probes, /],
    [
      '{ "probes": { "deny": ["kprobes"] } }',
      'policy p.json:1: probes.deny[0] "kprobes" is no kind of probes; did you mean kprobe?',
    ],
    ['{ "never": { "files": ["sshd"] } }', /never.files\[0\] "sshd" is not an absolute path/],
    ['{ "never": { "files": ["/a/../b"] } }', /never.files\[0\] .* is not a plain path/],
    ['{ "never": { "cgroups": ["/"] } }', /never.cgroups\[0\] "\/" is all of the host/],
    ['{ "never": { "tracepoints": ["sys_enter"] } }', /is not category:event/],
    ['{ "never": { "functions": "x" } }', /never.functions is not a list/],
    ['{ "budget": { "cpu": 1 } }', /budget.cpu is not a percentage such as "0.5%"/],
    ['{ "budget": { "mapBytes": -1 } }', /budget.mapBytes is not a whole number from 1/],
    ['['.repeat(50), 'policy p.json:1: nested too deeply'],
  ] as const) {
    it(`is refused: ${JSON.stringify(text).slice(0, 60)}`, () => {
      assert.throws(() => parsePolicy('p.json', text), { name: 'PolicyError', message: says });
    });
  }
});
