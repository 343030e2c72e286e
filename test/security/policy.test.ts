/** A malicious operator against the policy of a node: what it refuses is not traced, however it is asked for. */
import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readFileSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const GROUP = `/bpfleet-test-${process.pid}`;

describe('the policy of a node', { skip: notRoot(), timeout: 240_000 }, () => {
  let fleet: TestFleet;
  let folder: string;
  let policy: string;
  const groups = cgroupMount();

  const write = (never: object, others: object = {}): void => {
    writeFileSync(policy, JSON.stringify({ never, ...others }));
  };

  before(async () => {
    folder = await mkdtemp(join(process.cwd(), 'node_modules/.policy-'));
    policy = join(folder, 'policy.json');
    mkdirSync(join(groups, GROUP));
    linkSync(process.execPath, join(folder, 'hard'));
    symlinkSync(process.execPath, join(folder, 'soft'));
    write(
      {
        tracepoints: ['syscalls:sys_enter_keyctl'],
        files: [process.execPath],
        cgroups: [`${GROUP.slice(0, -1)}*`],
      },
      { probes: { deny: ['software'] } },
    );
    fleet = await TestFleet.start({ strict: { flags: ['--policy', policy] }, open: {} });
  });
  after(async () => {
    await fleet.close();
    rmdirSync(join(groups, GROUP));
    await rm(folder, { recursive: true });
  });

  const refusals: readonly (readonly [string, () => string, RegExp, (readonly string[])?])[] = [
    [
      'a tracepoint among the matches of a wildcard',
      () => 'tracepoint:syscalls:sys_enter_key* { @ = count(); }',
      /tracepoint:syscalls:sys_enter_keyctl is never to be traced \(never\.tracepoints\[0\]/,
    ],
    [
      'the raw form that sees all system calls',
      () => 'rawtracepoint:sys_enter { @ = count(); }',
      /sys_enter is never to be traced/,
    ],
    [
      'a binary by a hard link',
      () => `uprobe:${join(folder, 'hard')}:main { @ = count(); }`,
      /hard:main is never to be traced \(never\.files\[0\]/,
    ],
    [
      'a binary by a symbolic link',
      () => `uprobe:${join(folder, 'soft')}:main { @ = count(); }`,
      /soft:main is never to be traced/,
    ],
    [
      'a binary through the root of a process',
      () => `uprobe:/proc/self/root${process.execPath}:main { @ = count(); }`,
      /is never to be traced/,
    ],
    [
      'an iterator, which shows processes of every group',
      () => 'iter:task { print(1); }',
      /never to be traced \(never\.cgroups\[0\]/,
    ],
    [
      'a kind of probes',
      () => 'software:page-faults:1000 { @ = count(); }',
      /software probes are denied/,
    ],
    ['unsafe programs', () => 'BEGIN { system("id"); }', /--unsafe is not allowed/, ['--unsafe']],
  ];

  for (const [what, program, says, flags = []] of refusals) {
    it(`refuses ${what}, says so, and holds nothing`, async () => {
      const argv = ['--host', 'strict', ...flags, '-e', program()];
      const { err, exitCode } = await fleet.bpfleet('run', ...argv);
      assert.match(err, /refused by the policy of this host: /);
      assert.match(err, says);
      assert.notEqual(exitCode, 0);
      await fleet.untilNothingHeld();
    });
  }

  it('is told by a check, for the host that refuses', async () => {
    const program = 'rawtracepoint:sys_enter { @ = count(); }';
    const { out, err } = await fleet.bpfleet('check', '-e', program);
    assert.match(out, /^strict +failed/m);
    assert.match(out + err, /refused by the policy of this host/);
  });

  it('stands in the result of a run on several hosts', async () => {
    const program = 'tracepoint:syscalls:sys_enter_keyctl { @ = count(); }';
    const { command } = await fleet.run(['-e', program], 1);
    const { out, err } = await command.kill('SIGINT');
    assert.match(out + err, /strict: failed: refused by the policy of this host/);
  });

  it('keeps programs from running for processes of a group, and of one made later below it', async () => {
    const below = join(groups, GROUP, 'later');
    const [free, inside] = [await startSyscallLoad(500), await startSyscallLoad(700)];
    const pids = [String(free.pid), String(inside.pid)];
    const program = `tracepoint:syscalls:sys_enter_getppid /pid == $1 || pid == $2/ { @[host] = count(); }`;
    const { command } = await fleet.run(['-e', program, ...pids], 2);
    mkdirSync(below);
    writeFileSync(join(below, 'cgroup.procs'), String(inside.pid));
    await inside.run();
    await free.run();
    rmdirSync(below);
    const { out } = await command.kill('SIGINT');
    assert.match(out, /^@\[open\]: 1200$/m);
    assert.match(out, /^@\[strict\]: 500$/m);
  });

  it('is shown by bpfleet hosts, and so is one that is not obeyed', async () => {
    const [host] = (await fleet.json('hosts')).filter((one) => one['host'] === 'strict');
    assert.match(JSON.stringify(host), /"policy":\{"digest":"[0-9a-f]+","unsafe":false,/);
    const before = readFileSync(policy, 'utf8');
    writeFileSync(policy, '{ "unsave": true }');
    await fleet.until('the fault is shown', async () =>
      (await fleet.output('hosts')).includes('faulty'),
    );
    const argv = ['--host', 'strict', '-e', 'rawtracepoint:sys_enter { @ = count(); }'];
    assert.match((await fleet.bpfleet('run', ...argv)).err, /refused by the policy/);
    writeFileSync(policy, before);
  });

  it('ends sessions when it changes', async () => {
    const argv = ['--host', 'strict', '-e', 'interval:s:100 { }'];
    const { command } = await fleet.run(argv, 1);
    write({});
    const { out } = await command.finished();
    assert.match(out, /strict: detached: the policy of the host changed/);
    await fleet.untilNothingHeld();
  });

  it('is a condition for starting at all', async () => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{\n "never": { "file": [] } }');
    const flags = ['--nats', fleet.nats.url, '--host', 'other', '--policy', bad];
    const { err, exitCode } = await new BpfleetProcess(['agent', ...flags]).finished();
    assert.match(err, /policy .*bad\.json:2: never\.file is no setting; did you mean files\?/);
    assert.equal(exitCode, 1);
  });
});

function cgroupMount(): string {
  const lines = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const mount = lines.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2');
  return mount?.[1] ?? tmpdir();
}
