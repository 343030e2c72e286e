import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { SessionInfo } from '@bpfleet/protocol';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { Cable } from '../support/cable.ts';
import { CoordinatorChild } from '../support/coordinator-child.ts';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countFrame, countsOf, printfFrame } from '../support/schemas.ts';

const HOSTS = ['db-1', 'web-1', 'web-2'];
const PROGRAM = 'BEGIN { @ = count(); }';

describe('two coordinators of one fleet', { concurrency: false, timeout: 180_000 }, () => {
  let nats: NatsServer;
  let folder: string;
  let left: CoordinatorChild;
  let right: CoordinatorChild;
  let agents: readonly FakeAgent[];

  before(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(join(tmpdir(), 'bpfleet-stores-'));
    [left, right] = await Promise.all([
      CoordinatorChild.start(nats.url, join(folder, 'left')),
      CoordinatorChild.start(nats.url, join(folder, 'right')),
    ]);
    agents = await Promise.all(
      HOSTS.map(async (host) => FakeAgent.start({ url: nats.url, host, schema: COUNT_SCHEMA })),
    );
    await left.api.untilHosts(HOSTS.length);
    await right.api.untilHosts(HOSTS.length);
  });
  after(async () => {
    for (const agent of agents) await agent.kill();
    await left.kill();
    await right.kill();
    await nats.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs on all hosts, owned by `owner`. */
  async function running(owner: CoordinatorChild): Promise<string> {
    const { id } = await owner.api.start({ program: PROGRAM });
    await Promise.all(agents.map(async (agent) => agent.asked(id, 'run')));
    return id;
  }

  /** So much more by each host: absolute counts, and a line for each. */
  async function send(id: string, from: number, to: number): Promise<void> {
    await Promise.all(
      agents.map(async (agent) => {
        for (let n = from; n <= to; n++) {
          await agent.send(id, countFrame({ a: n, b: 7 * n }));
          await agent.send(id, printfFrame([{ n, nsecs: BigInt(Date.now()) * 1_000_000n }]));
        }
      }),
    );
  }

  async function assertTotals(coordinator: CoordinatorChild, id: string, n: number): Promise<void> {
    const expected = { a: BigInt(HOSTS.length * n), b: BigInt(7 * HOSTS.length * n) };
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), expected);
    const history = await coordinator.api.history(id);
    assert.deepEqual(countsOf(history.maps), expected);
    const { rows } = await coordinator.api.query(
      `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame) FROM events WHERE session = '${id}'`,
    );
    assert.deepEqual(rows, [[String(HOSTS.length * n), String(HOSTS.length * n)]]);
  }

  function hostsOf({ coverage }: SessionInfo): readonly (readonly unknown[])[] {
    return coverage.hosts.map(({ host, state, reason, losses }) => [
      host,
      state,
      reason,
      losses.broker,
    ]);
  }

  /** Those that have a session in their store. */
  async function holders(id: string): Promise<readonly CoordinatorChild[]> {
    const stored = await Promise.all(
      [left, right].map(async (one) => {
        const { rows } = await one.api.query(`SELECT id FROM sessions FINAL WHERE id = '${id}'`);
        return rows.length > 0 ? [one] : [];
      }),
    );
    return stored.flat();
  }

  const ALL_ENDED = HOSTS.map((host) => [host, 'ended', undefined, 0]);

  it('both tell of a session, live and of its result', async () => {
    const id = await running(left);
    await send(id, 1, 10);
    const seen = await right.api.session(id);
    assert.equal(seen.coordinator, (await left.api.session(id)).coordinator);
    const results = Promise.all([left.api.result(id), right.api.result(id)]);
    const stopped = await left.api.stop(id);
    assert.equal(stopped.state, 'ended');
    const [ofLeft, ofRight] = await results;
    assert.deepEqual(ofRight, ofLeft);
    assert.deepEqual(hostsOf(ofRight.session), ALL_ENDED);
    await assertTotals(left, id, 10);
  });

  it('either can be asked to stop it', async () => {
    const id = await running(left);
    await send(id, 1, 3);
    const stopped = await right.api.stop(id);
    assert.equal(stopped.state, 'ended');
    assert.deepEqual(hostsOf(stopped), ALL_ENDED);
    await assertTotals(left, id, 3);
  });

  it('the other takes over when the owner is killed, and has all of it', async () => {
    const id = await running(left);
    const owner = (await right.api.session(id)).coordinator;
    await send(id, 1, 50);
    const killed = left.kill();
    await send(id, 51, 200);
    await killed;
    const { state, coverage, ...rest } = await right.api.stop(id);
    assert.equal(state, 'ended');
    assert.deepEqual(hostsOf({ state, coverage, ...rest }), ALL_ENDED);
    assert.notEqual(owner, undefined);
    await assertTotals(right, id, 200);
    await left.start();
    await left.api.untilHosts(HOSTS.length);
  });

  it('an owner that was stopped for longer than its lease only looks on when it wakes up', async () => {
    const id = await running(left);
    const owner = (await right.api.session(id)).coordinator;
    await send(id, 1, 20);
    left.pause();
    await send(id, 21, 40);
    let taken: string | undefined = owner;
    while (taken === owner) taken = (await right.api.session(id)).coordinator;
    await send(id, 41, 60);
    left.resume();
    await send(id, 61, 80);
    const result = left.api.result(id);
    const { state } = await left.api.stop(id);
    assert.equal(state, 'ended');
    assert.deepEqual((await result).maps, (await right.api.result(id)).maps);
    assert.deepEqual(hostsOf((await result).session), ALL_ENDED);
    await assertTotals(right, id, 80);
  });

  it('a reader goes on at the other when its own is cut off, which follows once it is joined again', async () => {
    const cable = await Cable.to(nats.url);
    const remote = await CoordinatorChild.start(cable.url, join(folder, 'remote'));
    await remote.api.untilHosts(HOSTS.length);
    const urls = `${remote.api.url},${left.api.url}`;
    const reader = new BpfleetProcess(['run', '--url', urls, '-e', PROGRAM]);
    const [, id = ''] = await reader.printed(/^session (\S+):/m);
    await Promise.all(agents.map(async (agent) => agent.asked(id, 'run')));
    await send(id, 1, 20);
    cable.cut();
    await send(id, 21, 40);
    await reader.printed(/^the coordinator at \S+ goes on; nothing of its output is missing$/m);
    await send(id, 41, 60);
    cable.heal();
    const owner = (await left.api.session(id)).coordinator;
    while ((await remote.api.session(id)).coordinator !== owner) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await send(id, 61, 80);
    const { out, exitCode } = await reader.kill('SIGINT');
    assert.equal(exitCode, 0);
    assert.match(out, new RegExp(`^@\\[a\\]: ${HOSTS.length * 80}$`, 'm'));
    const lines = out.match(/n=\d+$/gm) ?? [];
    assert.equal(lines.length, HOSTS.length * 80);
    assert.equal(new Set(lines).size, 80);
    const [taker] = await holders(id);
    assert.ok(taker !== undefined);
    await assertTotals(taker, id, 80);
    assert.deepEqual((await remote.api.result(id)).maps, (await left.api.result(id)).maps);
    await remote.kill();
    cable.close();
  });

  it('sessions of both go on when nats-server is killed and started again', async () => {
    const ids = [await running(left), await running(right)];
    for (const id of ids) await send(id, 1, 10);
    await nats.stop();
    await nats.start();
    for (const id of ids) await send(id, 11, 20);
    for (const id of ids) {
      const stopped = await left.api.stop(id);
      assert.deepEqual(hostsOf(stopped), ALL_ENDED);
      assert.deepEqual((await right.api.result(id)).maps, (await left.api.result(id)).maps);
      const [owner] = await holders(id);
      assert.ok(owner !== undefined);
      await assertTotals(owner, id, 20);
    }
  });

  it('share twenty sessions, each owned by one, and each is counted exactly when one dies', async () => {
    const ids = [];
    for (let n = 0; n < 20; n++) ids.push(await running(n % 2 === 0 ? left : right));
    const owners = await Promise.all(
      ids.map(async (id) => (await left.api.session(id)).coordinator),
    );
    assert.equal(new Set(owners).size, 2);
    await Promise.all(ids.map(async (id) => send(id, 1, 3)));
    const killed = right.kill();
    await Promise.all(ids.map(async (id) => send(id, 4, 6)));
    await killed;
    const stopped = await Promise.all(ids.map(async (id) => left.api.stop(id)));
    for (const session of stopped) assert.deepEqual(hostsOf(session), ALL_ENDED);
    for (const id of ids) await assertTotals(left, id, 6);
    await right.start();
    await right.api.untilHosts(HOSTS.length);
  });

  it('sessions go on when both are killed and one comes back', async () => {
    const ids = [await running(left), await running(right)];
    for (const id of ids) await send(id, 1, 20);
    await Promise.all([left.kill(), right.kill()]);
    for (const id of ids) await send(id, 21, 40);
    await right.start();
    for (const id of ids) {
      assert.deepEqual(hostsOf(await right.api.stop(id)), ALL_ENDED);
      await assertTotals(right, id, 40);
    }
    await left.start();
  });

  it('a run whose coordinator dies while hosts arm is started by the other, once', async () => {
    const slow = await FakeAgent.start({
      url: nats.url,
      host: 'slow',
      schema: COUNT_SCHEMA,
      obedient: false,
    });
    await left.api.untilHosts(HOSTS.length + 1);
    await right.api.untilHosts(HOSTS.length + 1);
    const id = 'armedtwice';
    const request = { id, program: PROGRAM, selector: { hosts: ['db-1', 'slow'], labels: {} } };
    const first = assert.rejects(left.api.run(request));
    await slow.asked(id, 'arm');
    await left.kill();
    await first;
    const second = right.api.run(request);
    await slow.arm(id);
    const { status, body } = await second;
    assert.deepEqual([status, (body as SessionInfo).state], [201, 'running']);
    await slow.asked(id, 'run');
    await slow.report(id, { kind: 'attached', probes: 1 });
    await slow.send(id, countFrame({ a: 1 }));
    const stopped = right.api.stop(id);
    await slow.asked(id, 'stop');
    await slow.end(id, 'stopped');
    assert.deepEqual(
      (await stopped).coverage.hosts.map(({ host, state, late }) => [host, state, late]),
      [
        ['db-1', 'ended', false],
        ['slow', 'ended', false],
      ],
    );
    assert.deepEqual(countsOf((await right.api.result(id)).maps), { a: 1n });
    await slow.kill();
    await left.start();
  });
});
