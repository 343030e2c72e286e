import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startCoordinator } from '@bpfleet/coordinator';
import type { StreamItem } from '@bpfleet/protocol';
import pino from 'pino';
import { FakeAgent } from '../support/fake-agent.ts';
import { freePort, startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countFrame, countsOf, printFrame } from '../support/schemas.ts';
import { startTestCoordinator, type TestCoordinator } from '../support/test-coordinator.ts';

const PROGRAM = 'interval:s:1 { print(@); clear(@); }';

describe('faults around a coordinator', { concurrency: false }, () => {
  let nats: NatsServer;
  let coordinator: TestCoordinator;
  let one: FakeAgent;
  let two: FakeAgent;

  before(async () => {
    nats = await startNatsServer();
    coordinator = await startTestCoordinator(nats.url);
    const start = async (host: string): Promise<FakeAgent> =>
      FakeAgent.start({ url: nats.url, host, schema: COUNT_SCHEMA });
    one = await start('one');
    two = await start('two');
    await coordinator.api.untilHosts(2);
  });
  after(async () => {
    await one.kill();
    await two.kill();
    await coordinator[Symbol.asyncDispose]();
    await nats.close();
  });

  async function session(): Promise<string> {
    const { id } = await coordinator.api.start({ program: PROGRAM });
    await Promise.all([one.asked(id, 'run'), two.asked(id, 'run')]);
    return id;
  }

  /** Resolves with the first item for which `found` gives something. */
  async function first<T>(id: string, found: (item: StreamItem) => T | undefined): Promise<T> {
    for await (const item of coordinator.api.stream(id)) {
      const value = found(item);
      if (value !== undefined) return value;
    }
    throw new Error('the stream ended');
  }

  it('prints one merged map for each moment at which all hosts printed theirs', async () => {
    const id = await session();
    const items: StreamItem[] = [];
    const reading = (async () => {
      for await (const item of coordinator.api.stream(id)) items.push(item);
    })();
    const nsecs = BigInt(Date.now()) * 1_000_000n;
    for (const ordinal of [0, 1]) {
      const at = nsecs + BigInt(ordinal) * 1_000_000_000n;
      await one.send(id, printFrame(ordinal, at, { sh: 1 + ordinal }));
      await two.send(id, printFrame(ordinal, at + 1_000n, { sh: 10 }));
    }
    await coordinator.api.stop(id);
    await reading;
    const printed = items.flatMap((item) =>
      item.kind === 'output' && item.item.kind === 'map'
        ? [{ counts: countsOf([item.item]), reporting: item.item.reporting }]
        : [],
    );
    const expected = [
      { counts: { sh: 11n }, reporting: [2, 2] },
      { counts: { sh: 12n }, reporting: [2, 2] },
    ];
    assert.deepEqual(printed, expected);
    const { output } = await coordinator.api.history(id);
    assert.deepEqual(
      output.map((item) => countsOf([item])),
      expected.map(({ counts }) => counts),
    );
  });

  it('says which runner was killed and counts what it had sent', async () => {
    const id = await session();
    await one.send(id, countFrame({ sh: 3 }));
    await two.send(id, countFrame({ sh: 4 }));
    two.abandon(id);
    await two.report(id, { kind: 'lost', message: 'its runner was killed by SIGKILL' });
    const { coverage } = await coordinator.api.stop(id);
    assert.deepEqual(
      coverage.hosts.map(({ host, state, reason }) => [host, state, reason]),
      [
        ['one', 'ended', undefined],
        ['two', 'lost', 'its runner was killed by SIGKILL'],
      ],
    );
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 7n });
  });

  it('loses a host whose agent was restarted, and takes it back with its new runner', async () => {
    const id = await session();
    await two.send(id, countFrame({ sh: 4 }));
    await two.kill();
    two = await FakeAgent.start({
      url: nats.url,
      host: 'two',
      schema: COUNT_SCHEMA,
      obedient: false,
    });
    const lost = await first(id, (item) =>
      item.kind === 'session'
        ? item.session.coverage.hosts.find(({ state }) => state === 'lost')
        : undefined,
    );
    assert.equal(lost.reason, 'its agent restarted');
    await two.arm(id);
    await two.report(id, { kind: 'attached', probes: 1 });
    await two.send(id, countFrame({ sh: 5 }));
    await two.end(id, 'stopped');
    const { coverage } = await coordinator.api.stop(id);
    assert.deepEqual(
      coverage.hosts.map(({ host, state }) => [host, state]),
      [
        ['one', 'ended'],
        ['two', 'ended'],
      ],
    );
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 9n });
    await two.kill();
    two = await FakeAgent.start({ url: nats.url, host: 'two', schema: COUNT_SCHEMA });
    await coordinator.api.untilHosts(2);
  });

  it('goes on after nats-server was killed and started again', async () => {
    const id = await session();
    await one.send(id, countFrame({ sh: 1 }));
    await two.send(id, countFrame({ sh: 1 }));
    await nats.stop();
    await nats.start();
    await one.send(id, countFrame({ sh: 100 }));
    await two.send(id, countFrame({ sh: 100 }));
    const { coverage } = await coordinator.api.stop(id);
    assert.deepEqual(
      coverage.hosts.map(({ state }) => state),
      ['ended', 'ended'],
    );
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 200n });
    assert.equal((await coordinator.api.request('GET', '/readyz')).status, 200);
  });

  it('answers requests it does not understand without breaking', async () => {
    const { api } = coordinator;
    for (const [method, path, body, status, code] of [
      ['GET', '/v1/nothing', undefined, 404, 'not-found'],
      ['GET', '/v1/sessions/nobody', undefined, 404, 'not-found'],
      ['GET', '/v1/sessions/nobody/stream', undefined, 404, 'not-found'],
      ['GET', '/v1/history/nobody', undefined, 404, 'not-found'],
      ['GET', '/v1/hosts?label=role', undefined, 400, 'invalid-label'],
      ['POST', '/v1/sessions', {}, 400, 'invalid-request'],
      ['POST', '/v1/sessions', { program: 7 }, 400, 'invalid-request'],
      ['POST', '/v1/query', { sql: 'DROP TABLE events' }, 400, 'query-failed'],
      ['POST', '/v1/query', { sql: 'SELECT bogus' }, 400, 'query-failed'],
    ] as const) {
      const answer = await api.request(method, path, body);
      assert.equal(answer.status, status, path);
      assert.ok(typeof answer.body === 'object' && answer.body !== null && 'code' in answer.body);
      assert.equal(answer.body.code, code, path);
    }
    const response = await fetch(`${api.url}/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    assert.equal(response.status, 400);
  });

  it('does not start without nats-server, and says so', async () => {
    const port = await freePort();
    await assert.rejects(
      startCoordinator({
        nats: { url: `nats://127.0.0.1:${port}` },
        store: { path: join(tmpdir(), 'bpfleet-never-made') },
        listen: { host: '127.0.0.1', port: 0 },
        log: pino({ level: 'silent' }),
      }),
      {
        name: 'BrokerError',
        message: `connect to nats://127.0.0.1:${port}: connection refused; is nats-server running?`,
      },
    );
  });

  it('does not listen beyond this machine without a token', async () => {
    await assert.rejects(
      startCoordinator({
        nats: { url: nats.url },
        store: { path: join(tmpdir(), 'bpfleet-never-made') },
        listen: { host: '0.0.0.0', port: 0 },
        log: pino({ level: 'silent' }),
      }),
      /^ListenError: listen on 0\.0\.0\.0: .*needs TLS: .* and authentication: --tokens/,
    );
  });
});
