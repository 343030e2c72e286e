import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { subjects, type HistoryResult, type MergeMode, type StreamItem } from '@bpfleet/protocol';
import { FakeAgent, type FakeAgentOptions } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countFrame, countsOf, printfFrame } from '../support/schemas.ts';
import { startTestCoordinator, type TestCoordinator } from '../support/test-coordinator.ts';

const PROGRAM = 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }';

describe('a session over three hosts', { concurrency: false }, () => {
  let nats: NatsServer;
  let coordinator: TestCoordinator;
  const agents = new Map<string, FakeAgent>();

  const agent = (host: string): FakeAgent => {
    const found = agents.get(host);
    assert.ok(found);
    return found;
  };
  const add = async (options: Omit<FakeAgentOptions, 'url' | 'schema'>): Promise<FakeAgent> => {
    const added = await FakeAgent.start({ url: nats.url, schema: COUNT_SCHEMA, ...options });
    agents.set(options.host, added);
    return added;
  };
  /** A session on these hosts, all of them attached. */
  const session = async (
    hosts: readonly string[],
    merge: MergeMode = 'meaning',
  ): Promise<string> => {
    const { id } = await coordinator.api.start({
      program: PROGRAM,
      selector: { hosts, labels: {} },
      merge,
    });
    await Promise.all(hosts.map((host) => agent(host).asked(id, 'run')));
    return id;
  };

  before(async () => {
    nats = await startNatsServer();
    coordinator = await startTestCoordinator(nats.url);
    await add({ host: 'web-1', labels: { role: 'web' } });
    await add({ host: 'web-2', labels: { role: 'web' } });
    await add({ host: 'db-1', labels: { role: 'db' } });
    await coordinator.api.untilHosts(3);
  });
  after(async () => {
    for (const each of agents.values()) await each.kill();
    await coordinator[Symbol.asyncDispose]();
    await nats.close();
  });

  it('adds the counts of all hosts up, exactly, live and in the history', async () => {
    const hosts = ['web-1', 'web-2', 'db-1'];
    const id = await session(hosts);
    const result = coordinator.api.result(id);
    for (const host of hosts) {
      await agent(host).send(id, countFrame({ sh: 1, cat: 2 ** 40 }));
      await agent(host).send(id, countFrame({ sh: 1_000_000 }));
    }
    const stopped = await coordinator.api.stop(id);
    const expected = { sh: 3_000_000n, cat: 3n * 2n ** 40n };
    const { maps, session: ended } = await result;
    assert.deepEqual(countsOf(maps), expected);
    assert.equal(stopped.state, 'ended');
    assert.deepEqual(
      ended.coverage.hosts.map(({ host, state }) => [host, state]),
      [
        ['db-1', 'ended'],
        ['web-1', 'ended'],
        ['web-2', 'ended'],
      ],
    );
    const history = await coordinator.api.history(id);
    assert.deepEqual(countsOf(history.maps), expected);
    assert.deepEqual(history.session, ended);
    const { rows } = await coordinator.api.query(
      `SELECT key, count, hosts FROM maps_merged WHERE session = '${id}' ORDER BY key`,
    );
    assert.deepEqual(rows, [
      ['cat', String(3n * 2n ** 40n), '3'],
      ['sh', '3000000', '3'],
    ]);
  });

  it('prints events of several hosts in order of time and stores each once', async () => {
    const id = await session(['web-1', 'web-2']);
    const items: StreamItem[] = [];
    const reading = (async () => {
      for await (const item of coordinator.api.stream(id)) items.push(item);
    })();
    // In the future: they wait for each other however slow this machine is.
    const now = BigInt(Date.now() + 60_000) * 1_000_000n;
    // Seconds apart: more than the clocks of two hosts can be estimated wrong.
    const nsecs = (seconds: number): bigint => now + BigInt(seconds) * 1_000_000_000n;
    await agent('web-2').send(
      id,
      printfFrame([
        { n: 2, nsecs: nsecs(2) },
        { n: 4, nsecs: nsecs(4) },
      ]),
    );
    const bytes = await agent('web-1').send(
      id,
      printfFrame([
        { n: 1, nsecs: nsecs(1) },
        { n: 3, nsecs: nsecs(3) },
      ]),
    );
    await agent('web-1').publish(subjects.data(id, 'web-1'), bytes);
    await coordinator.api.stop(id);
    await reading;
    const printed = items.flatMap((item) =>
      item.kind === 'output' && item.item.kind === 'printf'
        ? [`${item.item.host} ${item.item.text}`]
        : [],
    );
    assert.deepEqual(printed, ['web-1 n=1\n', 'web-2 n=2\n', 'web-1 n=3\n', 'web-2 n=4\n']);
    assert.equal(items.at(-1)?.kind, 'result');
    const history: HistoryResult = await coordinator.api.history(id);
    assert.deepEqual(
      history.output.map((item) => (item.kind === 'printf' ? item.text : item.kind)),
      ['n=1\n', 'n=2\n', 'n=3\n', 'n=4\n'],
    );
    const { rows } = await coordinator.api.query(
      `SELECT host, text, numbers, pid FROM events WHERE session = '${id}' ORDER BY at LIMIT 1`,
    );
    assert.deepEqual(rows, [['web-1', 'n=1\n', ['1'], 7]]);
  });

  it('counts frames that never came and ignores those that came twice or late', async () => {
    const id = await session(['web-1']);
    const first = await agent('web-1').send(id, countFrame({ sh: 5 }));
    agent('web-1').skip(id);
    await agent('web-1').send(id, countFrame({ sh: 9 }));
    await agent('web-1').publish(subjects.data(id, 'web-1'), first);
    const { coverage } = await coordinator.api.stop(id);
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 9n });
    assert.equal(coverage.losses.broker, 1);
    assert.deepEqual(countsOf((await coordinator.api.history(id)).maps), { sh: 9n });
  });

  it('keeps hosts apart on request', async () => {
    const id = await session(['web-1', 'db-1'], 'host');
    await agent('web-1').send(id, countFrame({ sh: 1 }));
    await agent('db-1').send(id, countFrame({ sh: 2 }));
    await coordinator.api.stop(id);
    const expected = { 'web-1 sh': 1n, 'db-1 sh': 2n };
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), expected);
    assert.deepEqual(countsOf((await coordinator.api.history(id)).maps), expected);
  });

  it('starts nothing with fewer hosts than were asked for, and says who was missing', async () => {
    const selector = { hosts: ['web-1', 'db-1', 'gone'], labels: {} };
    const asked = { program: PROGRAM, selector, armTimeoutMs: 500 };
    const refused = await coordinator.api.run({
      ...asked,
      atLeast: { kind: 'percent', percent: 70 },
    });
    assert.equal(refused.status, 409);
    const message =
      '2 of 3 hosts could start it, at least 3 were asked for (70%)\ngone: no live agent of this name';
    assert.deepEqual(refused.body, { code: 'too-few-hosts', message });
    const { id } = await coordinator.api.start({ ...asked, atLeast: { kind: 'hosts', hosts: 2 } });
    await coordinator.api.stop(id);
    const senseless = await coordinator.api.run({ ...asked, atLeast: { kind: 'hosts', hosts: 0 } });
    assert.equal(senseless.status, 400);
  });

  it('survives garbage on its subjects', async () => {
    const id = await session(['web-1']);
    const garbage = new Uint8Array([1, 2, 3, 255]);
    await agent('web-1').publish(subjects.data(id, 'web-1'), garbage);
    await agent('web-1').publish(subjects.data(id, 'nobody'), garbage);
    await agent('web-1').publish(subjects.report(id, 'web-1'), '{"version":1,"kind":"ended"}');
    await agent('web-1').publish(subjects.report(id, 'web-1'), 'not json');
    await agent('web-1').publish(`bpfleet.v1.session.${id}.bogus.x`, garbage);
    // A report under another host's name.
    await agent('web-1').publish(
      subjects.report(id, 'db-1'),
      JSON.stringify({
        version: 1,
        session: id,
        host: 'web-1',
        atMs: 0,
        kind: 'ended',
        reason: 'exit',
      }),
    );
    await agent('web-1').send(id, countFrame({ sh: 3 }));
    await coordinator.api.stop(id);
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 3n });
  });

  it('names the labels and hosts that there are when none matches', async () => {
    const { status, body } = await coordinator.api.run({
      program: PROGRAM,
      selector: { hosts: [], labels: { role: 'cache' } },
    });
    assert.equal(status, 400);
    assert.deepEqual(body, {
      code: 'no-hosts',
      message:
        'no live host matches label role=cache; there are db-1 (role=db), web-1 (role=web), web-2 (role=web)',
    });
  });

  it('rejects a syntax error at once, with a caret, without asking any host', async () => {
    const { status, body } = await coordinator.api.run({ program: 'BEGIN { printf( }' });
    assert.equal(status, 422);
    assert.ok(typeof body === 'object' && body !== null && 'message' in body && 'faults' in body);
    assert.match(String(body.message), /stdin:1:.*ERROR: syntax error[\s\S]*\^|~/);
  });

  it('tells each program error once, with the hosts it concerns', async () => {
    const message = 'stdin:1:1-5: ERROR: no such probe';
    const failure = { fault: 'program', message } as const;
    await add({ host: 'old-1', failure });
    await add({ host: 'old-2', failure });
    await coordinator.api.untilHosts(5);
    const { status, body } = await coordinator.api.run({
      program: PROGRAM,
      selector: { hosts: ['old-1', 'old-2'], labels: {} },
    });
    assert.equal(status, 422);
    assert.deepEqual(body, {
      code: 'program-rejected',
      message,
      faults: [{ message, hosts: ['old-1', 'old-2'] }],
    });
  });

  it('runs on the hosts that can and says why others cannot', async () => {
    const { id, coverage } = await coordinator.api.start({
      program: PROGRAM,
      selector: { hosts: ['web-1', 'old-1'], labels: {} },
    });
    assert.deepEqual(
      coverage.hosts.map(({ host, state, reason }) => [host, state, reason]),
      [
        ['old-1', 'failed', 'stdin:1:1-5: ERROR: no such probe'],
        ['web-1', 'armed', undefined],
      ],
    );
    await coordinator.api.stop(id);
  });

  it('ends by itself when every host has ended', async () => {
    const id = await session(['web-1', 'web-2']);
    const result = coordinator.api.result(id);
    await agent('web-1').end(id, 'exit');
    await agent('web-2').end(id, 'duration');
    assert.equal((await result).session.state, 'ended');
  });

  it('marks a host that joins after the start', async () => {
    const { id } = await coordinator.api.start({
      program: PROGRAM,
      selector: { hosts: ['web-1', 'late-1'], labels: {} },
    });
    await agent('web-1').asked(id, 'run');
    // The moment of the start lies ahead when the agents are told of it.
    const { startedAtMs = 0 } = await coordinator.api.session(id);
    while (Date.now() <= startedAtMs) await new Promise((resolve) => setImmediate(resolve));
    const late = await add({ host: 'late-1', obedient: false });
    await late.arm(id);
    await late.report(id, { kind: 'attached', probes: 1 });
    await late.send(id, countFrame({ sh: 4 }));
    await late.end(id, 'stopped');
    const { coverage } = await coordinator.api.stop(id);
    assert.deepEqual(
      coverage.hosts.map(({ host, late: joined }) => [host, joined]),
      [
        ['late-1', true],
        ['web-1', false],
      ],
    );
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 4n });
  });

  it('goes on without a host that falls silent, and its last counts stay', async () => {
    const id = await session(['web-1', 'web-2']);
    await agent('web-1').send(id, countFrame({ sh: 10 }));
    await agent('web-2').send(id, countFrame({ sh: 7 }));
    await agent('web-2').kill();
    for await (const item of coordinator.api.stream(id)) {
      if (item.kind !== 'session') continue;
      if (item.session.coverage.hosts.some(({ state }) => state === 'lost')) break;
    }
    const { coverage } = await coordinator.api.stop(id);
    assert.deepEqual(
      coverage.hosts.map(({ host, state, reason }) => [host, state, reason]),
      [
        ['web-1', 'ended', undefined],
        ['web-2', 'lost', 'no sign of life for 5 s'],
      ],
    );
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 17n });
  });
});
