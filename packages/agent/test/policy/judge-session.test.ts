/** What a program would be attached to is judged, however it was written. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AttachSpec, ProbeProgram, SessionSpec } from '@bpfleet/lang';
import { judgeSession, judgeUnsafe, type JudgedMachine } from '../../src/policy/judge-session.ts';
import { parsePolicy } from '../../src/policy/parse-policy.ts';

/** Functions of the same code have the same address. */
const ADDRESSES: Readonly<Record<string, bigint>> = {
  tcp_sendmsg: 0x1000n,
  alias_of_tcp_sendmsg: 0x1000n,
  vfs_read: 0x2000n,
};

const machine: JudgedMachine = {
  functionsMatching: (matches) => {
    const addresses = new Set(
      Object.entries(ADDRESSES).flatMap(([name, at]) => (matches(name) ? [at] : [])),
    );
    const same = Object.entries(ADDRESSES).filter(([, at]) => addresses.has(at));
    return { addresses, aliases: new Set(same.map(([name]) => name)) };
  },
  startOf: (address) => (address < 0x9000n ? address & ~0xfffn : undefined),
};

function judge(never: object, probe: string, attach: AttachSpec, tracing?: object): string {
  const policy = parsePolicy('p.json', JSON.stringify({ never }));
  const program = { name: 'x', type: 'kprobe', instructions: [], license: 'GPL', tracing };
  const programs = [{ program, attach, probe, probes: 1 } as unknown as ProbeProgram];
  return judgeSession(policy, { programs } as unknown as SessionSpec, machine) ?? 'allowed';
}

const FUNCTIONS = { functions: ['tcp_*'] };
const AT = { offset: 0, returns: false } as const;

describe('functions that are never to be traced', () => {
  const refusals: readonly (readonly [string, AttachSpec, object?])[] = [
    ['kprobe:tcp_sendmsg', { kind: 'kprobe', function: 'tcp_sendmsg', ...AT }],
    ['kprobe:alias', { kind: 'kprobe', function: 'alias_of_tcp_sendmsg', ...AT }],
    ['kprobe:0x1010', { kind: 'kprobe', function: '', address: 0x1010n, ...AT }],
    ['kprobe:0xffff', { kind: 'kprobe', function: '', address: 0xffffn, ...AT }],
    ['kprobe:*', { kind: 'kprobe-multi', functions: ['vfs_read', 'tcp_close'], returns: false }],
    ['kprobe:*', { kind: 'kprobe-session', functions: ['vfs_read', 'tcp_close'] }],
    ['fentry:tcp_close', { kind: 'tracing' }, { attachType: 'fentry', function: 'tcp_close' }],
    ['watchpoint:0x1010:8:x', { kind: 'watchpoint', address: 0x1010n, length: 8, mode: 'x' }],
    [
      'kprobe:*',
      {
        kind: 'each',
        places: [
          { probe: 'kprobe:tcp_close', attach: { kind: 'kprobe', function: 'tcp_close', ...AT } },
        ],
      },
    ],
  ];
  for (const [probe, attach, tracing] of refusals) {
    it(`are not by ${probe} as ${attach.kind}`, () => {
      const verdict = judge(FUNCTIONS, probe, attach, tracing);
      assert.match(verdict, /^refused by the policy of this host: .* is never to be traced/);
      assert.match(verdict, /\(never\.functions\[0\] "tcp_\*" of p\.json\)$/);
    });
  }

  it('leave the others alone', () => {
    const attach = { kind: 'kprobe', function: 'vfs_read', ...AT } as const;
    assert.equal(judge(FUNCTIONS, 'kprobe:vfs_read', attach), 'allowed');
  });
});

describe('tracepoints that are never to be traced', () => {
  const KEYS = { tracepoints: ['syscalls:sys_enter_keyctl'] };
  const raw = (event: string): AttachSpec => ({ kind: 'rawtracepoint', event });
  const named = (category: string, event: string): AttachSpec => ({
    ...{ kind: 'tracepoint', category, event, id: 1 },
  });
  for (const [never, attach, isRefused] of [
    [KEYS, named('syscalls', 'sys_enter_keyctl'), true],
    [KEYS, named('syscalls', 'sys_exit_keyctl'), false],
    [KEYS, named('raw_syscalls', 'sys_enter'), true],
    [KEYS, named('raw_syscalls', 'sys_exit'), false],
    [KEYS, raw('sys_enter'), true],
    [KEYS, raw('sys_exit'), false],
    [{ tracepoints: ['syscalls:*keyctl'] }, raw('sys_exit'), true],
    [{ tracepoints: ['sched:sched_switch'] }, raw('sched_switch'), true],
    [{ tracepoints: ['sched:*'] }, raw('sched_switch'), true],
    [{ tracepoints: ['sched:sched_switch'] }, raw('sched_wakeup'), false],
  ] as const) {
    const what =
      attach.kind === 'tracepoint' || attach.kind === 'rawtracepoint' ? attach.event : '';
    it(`${isRefused ? 'refuse' : 'allow'} ${attach.kind} ${what} for ${never.tracepoints[0]}`, () => {
      const verdict = judge(never, `x:${what}`, attach);
      assert.equal(verdict.startsWith('refused'), isRefused, verdict);
    });
  }

  it('are not among the system calls of a wildcard', () => {
    const calls = [{ number: 250, probe: 'tracepoint:syscalls:sys_enter_keyctl' }];
    const attach = { kind: 'system-calls', phase: 'enter', map: 'm', calls } as const;
    assert.match(judge(KEYS, 'tracepoint:syscalls:*', attach), /sys_enter_keyctl is never/);
  });
});

describe('kinds of probes', () => {
  const judgeKind = (probes: object, probe: string): string | undefined => {
    const policy = parsePolicy('p.json', JSON.stringify({ probes }));
    const attach = { kind: 'tracing' };
    const spec = { programs: [{ program: {}, attach, probe, probes: 1 }] };
    return judgeSession(policy, spec as unknown as SessionSpec, machine);
  };

  it('are judged as they were written, however they are attached', () => {
    assert.match(judgeKind({ deny: ['kprobe'] }, 'kprobe:x') ?? '', /kprobe probes are denied/);
    assert.match(judgeKind({ allow: ['usdt'] }, 'kprobe:x') ?? '', /kprobe probes are not allowed/);
    assert.equal(judgeKind({ allow: ['usdt'] }, 'usdt:x:y:z'), undefined);
  });

  it('never take away begin and end', () => {
    assert.equal(judgeKind({ allow: [] }, 'begin'), undefined);
  });
});

describe('unsafe programs', () => {
  it('are refused with what to do where there is no policy', () => {
    const none = parsePolicy('p.json', '{}');
    assert.match(judgeUnsafe(none, true) ?? '', /--unsafe is not allowed \(unsafe of p\.json\)/);
    assert.equal(judgeUnsafe(none, false), undefined);
  });
});
