/** The answer contract. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Coverage, HostOutcome } from '@bpfleet/protocol';
import { NO_COST, NO_LOSSES, renderCoverage } from '@bpfleet/protocol';

function outcome(host: string, parts: Partial<HostOutcome> = {}): HostOutcome {
  return {
    host,
    state: 'ended',
    late: false,
    losses: NO_LOSSES,
    cost: NO_COST,
    ...parts,
  };
}

function coverage(hosts: readonly HostOutcome[], parts: Partial<Coverage> = {}): Coverage {
  return { hosts, losses: NO_LOSSES, clockErrorNs: 250_000, digest: 'abcd', who: 'root', ...parts };
}

const TAIL = 'clock error ±0.3 ms · program abcd · run by root\n';

test('a whole answer names every hop, also where nothing was lost', () => {
  const whole = coverage([outcome('a'), outcome('b', { state: 'attached' }), outcome('c')]);
  assert.equal(
    renderCoverage(whole),
    `hosts 3/3 · lost: ring buffer 0, map full 0, missed runs 0, agent queue 0, broker 0, coordinator 0, store 0\n${TAIL}`,
  );
});

test('hosts for which there was no room are counted', () => {
  const text = renderCoverage(coverage([outcome('a'), outcome('b')], { refusedHosts: 3 }));
  assert.match(text, /^not taken in: 3 more, since a session has 2 hosts at most$/m);
});

test('a partial answer says which hosts are missing and why', () => {
  const partial = coverage(
    [
      outcome('a'),
      outcome('b', { state: 'failed', reason: 'no kprobes in this kernel\n' }),
      outcome('c', { state: 'selected' }),
      outcome('d', { state: 'lost', reason: 'its runner was killed' }),
    ],
    { losses: { ...NO_LOSSES, ringBuffer: 4, broker: 1 } },
  );
  assert.equal(
    renderCoverage(partial),
    [
      'hosts 1/4 · lost: ring buffer 4, map full 0, missed runs 0, agent queue 0, broker 1, coordinator 0, store 0',
      'missing: b: failed: no kprobes in this kernel',
      'missing: c: did not answer',
      'missing: d: lost: its runner was killed',
      TAIL,
    ].join('\n'),
  );
});

test('late hosts are named, and no name can carry commands to the terminal', () => {
  const text = renderCoverage(coverage([outcome('a\u001b[2J', { late: true })]));
  assert.match(text, /\nlate: a\\x1b\[2J\n/);
});

test('prints that missed their window are told by host', () => {
  const text = renderCoverage(
    coverage([outcome('a', { latePrints: 1 }), outcome('b', { latePrints: 3 })]),
  );
  assert.match(
    text,
    /\nlate: a: 1 print of a map came after its window; history has all of them\n/,
  );
  assert.match(
    text,
    /\nlate: b: 3 prints of maps came after their window; history has all of them\n/,
  );
});

test('the cost is a share of the CPUs of all hosts, and a time for each event', () => {
  const cost = { runTimeNs: 13_000_000n, runs: 154_761n, availableNs: 5_000_000_000n };
  const text = renderCoverage(coverage([outcome('a', { cost }), outcome('b', { cost })]));
  assert.match(text, / ms · cost 0\.26 % of CPU, 84 ns per event · program /);
  const idle = { runTimeNs: 0n, runs: 0n, availableNs: 5n };
  assert.match(renderCoverage(coverage([outcome('a', { cost: idle })])), /cost 0\.00 % of CPU ·/);
  const little = { runTimeNs: 90n, runs: 1n, availableNs: 9_000_000_000n };
  assert.match(
    renderCoverage(coverage([outcome('a', { cost: little })])),
    /<0\.01 % of CPU, 90 ns/,
  );
});

test('a host that was stopped is named with the reason', () => {
  const stopped = outcome('a', { reason: 'over its budget: 3.10 % of CPU, and 1.00 % is allowed' });
  assert.match(
    renderCoverage(coverage([stopped])),
    /^hosts 1\/1 .*\nended early: a: over its budget: 3\.10 % of CPU, and 1\.00 % is allowed\n/,
  );
});

test('an interrupted host is covered, and the gap is named; what waits for the store is not lost', () => {
  const back = outcome('a', { late: true, interrupted: 'its agent restarted' });
  const text = renderCoverage(coverage([back], { unstored: { frames: 3, reason: 'no route' } }));
  assert.match(text, /^hosts 1\/1 .*\ninterrupted: a: its agent restarted\nlate: a\n/);
  assert.match(text, /^not yet stored: 3 frames, kept in JetStream: no route$/m);
});

test('an answer says how its maps count, and which maps it does not show', () => {
  const text = renderCoverage(
    coverage([outcome('a')], {
      buckets: {
        '@fine': { kind: 'hist', bits: 2 },
        '@h': { kind: 'hist', bits: 0 },
        '@l': { kind: 'lhist', min: 0n, max: 100n, step: 10n },
        '@t': {
          kind: 'tseries',
          signed: true,
          intervalNs: 100_000_000n,
          intervals: 3,
          aggregate: 'avg',
        },
      },
      unprinted: ['@start', '@last'],
    }),
  );
  assert.ok(
    text.includes(
      'not shown: @start, @last: kept on each host, unless the program prints it\n' +
        'buckets: @fine 4 for each power of two, @h powers of two, @l 10 wide from 0 to 100, @t avg of each 100 ms\n',
    ),
    text,
  );
});

test('what a session costs is told by host, those first that pay most', () => {
  const hosts = Array.from({ length: 7 }, (_, i) =>
    outcome(`h${i}`, {
      cost: { runTimeNs: BigInt(i) * 10_000n, runs: BigInt(i), availableNs: 1_000_000n },
    }),
  );
  const text = renderCoverage(coverage(hosts));
  const each = [6, 5, 4, 3, 2].map((i) => `h${i} ${i}.00 % of CPU, 10000 ns per event`);
  assert.ok(text.includes(`\ncost by host: ${each.join('; ')}; 2 others less\n`), text);
  assert.ok(text.includes(' · cost 3.00 % of CPU, 10000 ns per event · '), text);
});

test('hosts that ended early are counted in the first line', () => {
  const text = renderCoverage(
    coverage([outcome('a'), outcome('b', { reason: 'over its budget' })]),
  );
  assert.match(text, /^hosts 2\/2 \(1 ended early\) · lost: /);
});

test('a host whose frames NATS does not take is covered, but the result lacks its latest', () => {
  const full = outcome('a', { state: 'attached', heldUp: 'no space left' });
  assert.match(
    renderCoverage(coverage([full])),
    /^hosts 1\/1 .*\n(?:.*\n)*held up: a: NATS does not take its frames: no space left\n/,
  );
});

test('hosts that have nothing of what was asked for are told together', () => {
  const unmatched = 'no matching pod';
  const hosts = [outcome('a', { unmatched }), outcome('b'), outcome('c\u001b', { unmatched })];
  assert.match(
    renderCoverage(coverage(hosts)),
    /^hosts 3\/3 .*\nno matching pod: a, c\\x1b\nclock/,
  );
});
