import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CoordinatorChild } from '../support/coordinator-child.ts';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countFrame, countsOf, printfFrame } from '../support/schemas.ts';

const HOSTS = ['web-1', 'web-2', 'db-1'];
const FRAMES = 400;
const EVENTS_PER_FRAME = 5;
const MOST_FRAMES_BETWEEN_KILLS = 200;
/** Of the hosts' boot, Unix; the beginning of an hour. */
const BOOT_SECONDS = 472_222 * 3_600;

describe('a coordinator that is killed', { concurrency: false }, () => {
  let nats: NatsServer;
  let store: string;
  let coordinator: CoordinatorChild;
  let agents: readonly FakeAgent[];
  const progress = new EventEmitter();

  before(async () => {
    nats = await startNatsServer();
    store = await mkdtemp(join(tmpdir(), 'bpfleet-store-'));
    coordinator = await CoordinatorChild.start(nats.url, store);
    agents = await Promise.all(
      HOSTS.map((host) => FakeAgent.start({ url: nats.url, host, schema: COUNT_SCHEMA })),
    );
    await coordinator.api.untilHosts(HOSTS.length);
  });
  after(async () => {
    for (const agent of agents) await agent.kill();
    await coordinator.kill();
    await nats.close();
    await rm(store, { recursive: true, force: true });
  });

  it('goes on in the middle of a session and counts and stores everything exactly once', async () => {
    const { id } = await coordinator.api.start({
      program: 'BEGIN { @ = count(); printf("n=%d\\n", 1); }',
      spans: [`frame: enter=BEGIN/n=0/ exit=BEGIN/n=${EVENTS_PER_FRAME - 1}/ by tid`],
    });
    await Promise.all(agents.map((agent) => agent.asked(id, 'run')));
    const kills = killWhileSending();
    await Promise.all(agents.map((agent) => sendAll(agent, id)));
    kills.stop();
    await kills.done;
    const { state, coverage } = await coordinator.api.stop(id);
    assert.equal(state, 'ended');
    assert.deepEqual(
      coverage.hosts.map((host) => [host.host, host.state, host.losses.broker]),
      [
        ['db-1', 'ended', 0],
        ['web-1', 'ended', 0],
        ['web-2', 'ended', 0],
      ],
    );
    const expected = { a: BigInt(FRAMES * HOSTS.length), b: BigInt(7 * FRAMES * HOSTS.length) };
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), expected);
    assert.ok(kills.count > 0);
    await coordinator.kill();
    await coordinator.start();
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), expected);
    const history = await coordinator.api.history(id);
    assert.deepEqual(countsOf(history.maps), expected);
    const printed = (kind: string): number =>
      history.output.filter((item) => item.kind === kind).length;
    assert.equal(printed('printf'), HOSTS.length * FRAMES * EVENTS_PER_FRAME);
    assert.equal(printed('span'), HOSTS.length * FRAMES);
    const { rows } = await coordinator.api.query(
      `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame) FROM events WHERE session = '${id}'`,
    );
    const events = String(HOSTS.length * FRAMES * EVENTS_PER_FRAME);
    assert.deepEqual(rows, [[events, events]]);
    const frames = HOSTS.length * FRAMES;
    const [summary] = coverage.spans ?? [];
    assert.deepEqual(
      [summary?.spans, summary?.unmatchedEnters, summary?.unmatchedExits, summary?.uncertain],
      [frames, 0, 0, 0],
    );
    const spans = await coordinator.api.query(
      `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame), countIf(uncertain) FROM spans WHERE session = '${id}'`,
    );
    assert.deepEqual(spans.rows, [[String(frames), String(frames), '0']]);
    const named = await coordinator.api.query(`SELECT count(n) FROM session_${id}`);
    assert.deepEqual(named.rows, [[events]]);
    for (const [table, seconds] of [
      ['map_points_1s', 1],
      ['map_points_1m', 60],
      ['map_points_1h', 3_600],
    ] as const) {
      const intervals = Math.floor(FRAMES / seconds) + (seconds === 1 ? 0 : 1);
      const expectedRows = String(intervals * HOSTS.length * 2);
      const over = await coordinator.api.query(
        `WITH toUnixTimestamp(at) - ${BOOT_SECONDS} AS begin, least(begin + ${seconds - 1}, ${FRAMES}) AS last
         SELECT count(), countIf(count = last * if(key = 'a', 1, 7)) FROM ${table} FINAL WHERE session = '${id}'`,
      );
      assert.deepEqual(over.rows, [[expectedRows, expectedRows]], table);
    }
  });

  /** Frames with growing absolute counts, each of a second of its own, followed by one of events. */
  async function sendAll(agent: FakeAgent, id: string): Promise<void> {
    for (let n = 1; n <= FRAMES; n++) {
      const readNs = BigInt(n) * 1_000_000_000n + 500_000_000n;
      const counts = countFrame({ a: n, b: 7 * n }, 0, readNs);
      await agent.send(id, counts, { bootToUnixNs: BigInt(BOOT_SECONDS) * 1_000_000_000n });
      const nsecs = BigInt(Date.now()) * 1_000_000n;
      await agent.send(
        id,
        printfFrame(Array.from({ length: EVENTS_PER_FRAME }, (_, i) => ({ n: i, nsecs }))),
      );
      progress.emit('sent');
    }
  }

  /** At frames that differ from run to run, so that restarts fall between and into what hosts send. */
  function killWhileSending(): { count: number; stop: () => void; done: Promise<void> } {
    const stopping = new AbortController();
    const kills = {
      count: 0,
      stop: () => stopping.abort(),
      done: Promise.resolve(),
    };
    kills.done = (async () => {
      while (!stopping.signal.aborted) {
        for (let left = Math.ceil(Math.random() * MOST_FRAMES_BETWEEN_KILLS); left > 0; left--) {
          await once(progress, 'sent', { signal: stopping.signal }).catch(() => undefined);
          if (stopping.signal.aborted) return;
        }
        await coordinator.kill();
        kills.count += 1;
        await coordinator.start();
      }
    })();
    return kills;
  }

  it('finds a session that was stopped meanwhile, and ends it', async () => {
    const { id } = await coordinator.api.start({ program: 'BEGIN { @ = count(); }' });
    await Promise.all(agents.map((agent) => agent.asked(id, 'run')));
    await Promise.all(agents.map((agent) => agent.send(id, countFrame({ a: 2 }))));
    await coordinator.kill();
    await Promise.all(agents.map((agent) => agent.end(id, 'duration')));
    await coordinator.start();
    const { session, maps } = await coordinator.api.result(id);
    assert.equal(session.state, 'ended');
    assert.deepEqual(countsOf(maps), { a: 6n });
  });
});
