/** Pods of a cluster whose API server and control groups are made by the test: what runs in them is counted, and nothing else. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiServer } from '../../packages/agent/test/pods/api-server.ts';
import { podObject } from '../../packages/agent/test/pods/pod-object.ts';
import { noCgroups, TestCgroup } from '../support/cgroups.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet, type AgentOptions } from '../support/test-fleet.ts';

const COUNT = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}"/ { @[namespace, pod, container] = count(); }`;

/** One pod for each node, each with one container, called after a digit. */
class TestPod {
  readonly uid: string;
  readonly containerId: string;
  readonly object: Readonly<Record<string, unknown>>;

  constructor(digit: string, app: string, node: string, namespace = 'shop') {
    this.uid = `${digit.repeat(8)}-0000-4000-8000-000000000000`;
    this.containerId = digit.repeat(64);
    this.object = podObject({
      uid: this.uid,
      name: `${app}-${digit}`,
      namespace,
      node,
      labels: { app, 'pod-template-hash': 'abc' },
      owner: ['ReplicaSet', `${app}-abc`],
      containers: { [this.containerId]: 'main' },
    });
  }

  /** As the kubelet and containerd name it. */
  cgroup(): TestCgroup {
    const slice = `kubepods-burstable-pod${this.uid.replaceAll('-', '_')}.slice`;
    return new TestCgroup(`${slice}/cri-containerd-${this.containerId}.scope`);
  }
}

describe('pods', { skip: notRoot() ?? noCgroups() ?? false, timeout: 180_000 }, () => {
  let api: ApiServer;
  let fleet: TestFleet;
  const web1 = new TestPod('1', 'web', 'node-1');
  const web2 = new TestPod('2', 'web', 'node-2');
  const other = new TestPod('3', 'db', 'node-2');
  const late = new TestPod('4', 'web', 'node-3');

  before(async () => {
    api = await new ApiServer().start();
    for (const node of ['node-1', 'node-2', 'node-3']) {
      api.put('nodes', { kind: 'Node', metadata: { name: node, labels: { zone: `of-${node}` } } });
    }
    for (const pod of [web1, web2, other]) api.put('pods', pod.object);
    const agents = ['node-1', 'node-2', 'node-3'].map((node): [string, AgentOptions] => [
      node,
      { flags: ['--node', node, '--kubernetes-api', api.url], labels: { rack: 'r1' } },
    ]);
    fleet = await TestFleet.start(Object.fromEntries(agents));
  });
  after(async () => {
    await fleet.close();
    await api.stop();
  });

  it('labels hosts as their nodes are', async () => {
    const [host] = await fleet.json('hosts', '-l', 'zone=of-node-2');
    assert.deepEqual(
      [host?.['host'], host?.['labels']],
      ['node-2', { zone: 'of-node-2', rack: 'r1' }],
    );
  });

  it('are traced wherever they are, and when they come; hosts without one say so', async () => {
    using inWeb1 = web1.cgroup();
    using inWeb2 = web2.cgroup();
    using inOther = other.cgroup();
    const loads = await Promise.all([100, 2000, 30_000, 400_000, 5].map(startSyscallLoad));
    const [one, two, foreign, ofHost, joining] = loads;
    assert(one && two && foreign && ofHost && joining);
    inWeb1.enter(one.pid);
    inWeb2.enter(two.pid);
    inOther.enter(foreign.pid);
    const { id, command } = await fleet.run(['--pod', 'app=web', '-n', 'shop', '-e', COUNT]);
    await command.printed(/^no matching pod: node-3$/m);
    await Promise.all([one.run(), two.run(), foreign.run(), ofHost.run()]);
    api.put('pods', late.object);
    using inLate = late.cgroup();
    await fleet.until('node-3 has one', async () => {
      const { coverage } = await fleet.api.session(id);
      return coverage.hosts.every(({ unmatched }) => unmatched === undefined);
    });
    inLate.enter(joining.pid);
    await joining.run();
    const { out } = await command.kill('SIGINT');
    assert.ok(
      out.endsWith(
        '\n\n@[shop, web-4, main]: 5\n@[shop, web-1, main]: 100\n@[shop, web-2, main]: 2000\n',
      ),
      out,
    );
    assert.match(out, /^hosts 3\/3 /m);
    assert.doesNotMatch(out, /no matching pod/);
    // The same again has the same filter.
    const [request] = await fleet.json('history', 'ls', '-n', '1');
    assert.equal(request?.['id'], id);
  });

  it('are chosen by workload and container; the result says which hosts had none', async () => {
    using inOther = other.cgroup();
    const [inside, outside] = await Promise.all([100, 2000].map(startSyscallLoad));
    assert(inside && outside);
    inOther.enter(inside.pid);
    const { id, command } = await fleet.run([
      '--workload',
      'deploy/db',
      '--container',
      'main',
      '-e',
      COUNT,
    ]);
    await Promise.all([inside.run(), outside.run()]);
    const { out } = await command.kill('SIGINT');
    assert.match(out, /^no matching pod: node-1, node-3$/m);
    assert.ok(out.endsWith('\n\n@[shop, db-3, main]: 100\n'), out);
    assert.match(await fleet.output('history', 'show', id), /^no matching pod: node-1, node-3$/m);
  });

  it('are asked for in words that kubectl would take', async () => {
    for (const [flags, message] of [
      [['--pod', 'app is web'], /"app is web" is no label selector/],
      [['--workload', 'web'], /"web" is no workload: write deploy\/NAME/],
      [['-n', 'Shop'], /"Shop" is no name of a namespace/],
    ] as const) {
      const { err, exitCode } = await fleet.bpfleet('run', ...flags, '-e', COUNT);
      assert.match(err, message);
      assert.notEqual(exitCode, 0);
    }
    const response = await fetch(`${fleet.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        program: COUNT,
        sourceName: 'stdin',
        parameters: [],
        selector: { hosts: [], labels: {} },
        unsafe: false,
        who: 'test',
        containers: { pods: 'a b' },
      }),
    });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /is no label selector/);
  });
});
