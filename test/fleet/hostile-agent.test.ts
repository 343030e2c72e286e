/** An agent that lies and floods: what it does may spoil its own part of an answer, and nothing else. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BOUNDS, subjects, type RawMapEntry } from '@bpfleet/protocol';
import { CoordinatorChild } from '../support/coordinator-child.ts';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countFrame, countsOf, printfFrame, textKey } from '../support/schemas.ts';

const PROGRAM = 'BEGIN { @ = count(); }';
const KEYS = 1_000_000;
/** Names of a megabyte, nearly as large as NATS takes them; they are more than a coordinator keeps. */
const NAMES = 45;
const NAME_UNITS = 900_000;
/** Of what a coordinator may take with all this; each of these keys is a few hundred bytes of it. */
const MAX_MEMORY = 2 * 1024 ** 3;
const KEYS_PER_FRAME = 25_000;
const HONEST = ['a', 'b'];
const EVERYBODY = [...HONEST, 'evil'];

describe('a hostile agent', { concurrency: false }, () => {
  let nats: NatsServer;
  let store: string;
  let coordinator: CoordinatorChild;
  const agents = new Map<string, FakeAgent>();
  const agent = (host: string): FakeAgent => {
    const found = agents.get(host);
    assert.ok(found !== undefined);
    return found;
  };
  const session = async (hosts: readonly string[]): Promise<string> => {
    const { id } = await coordinator.api.start({
      program: PROGRAM,
      selector: { hosts, labels: {} },
    });
    await Promise.all(hosts.map((host) => agent(host).asked(id, 'run')));
    return id;
  };
  /** Of the honest hosts alone, while whatever else goes on. */
  const assertExact = async (): Promise<void> => {
    const id = await session(HONEST);
    for (const host of HONEST) await agent(host).send(id, countFrame({ sh: 21 }));
    const { coverage } = await coordinator.api.stop(id);
    assert.equal(coverage.losses.broker, 0);
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 42n });
  };

  before(async () => {
    nats = await startNatsServer();
    store = await mkdtemp(join(tmpdir(), 'bpfleet-store-'));
    coordinator = await CoordinatorChild.start(nats.url, store);
    for (const host of EVERYBODY) {
      agents.set(host, await FakeAgent.start({ url: nats.url, host, schema: COUNT_SCHEMA }));
    }
    await coordinator.api.untilHosts(EVERYBODY.length);
  });
  after(async () => {
    for (const one of agents.values()) await one.kill();
    await coordinator.kill();
    await nats.close();
    await rm(store, { recursive: true, force: true });
  });

  it('may send random bytes, other sessions and other hosts', async () => {
    const shared = await session(EVERYBODY);
    const other = await session(HONEST);
    const evil = agent('evil');
    for (const subject of [subjects.data(shared, 'evil'), subjects.report(shared, 'evil')]) {
      for (let size = 0; size < 600; size += 7) await evil.publish(subject, randomBytes(size));
    }
    // Of a session that is not its own, in the other session's name and in its own.
    const frame = await evil.send(shared, countFrame({ sh: 1_000 }), { sequence: 7_000 });
    await evil.publish(subjects.data(other, 'evil'), frame);
    await evil.send(other, countFrame({ sh: 1_000 }));
    // As another host, under its own name.
    await evil.publish(subjects.data(shared, 'a'), frame);
    for (const host of HONEST) {
      await agent(host).send(shared, countFrame({ sh: 1 }));
      await agent(host).send(other, countFrame({ sh: 2 }));
    }
    await coordinator.api.stop(other);
    assert.deepEqual(countsOf((await coordinator.api.result(other)).maps), { sh: 4n });
    const { coverage } = await coordinator.api.stop(shared);
    assert.deepEqual(countsOf((await coordinator.api.result(shared)).maps), { sh: 1_002n });
    const lost = coverage.hosts.map(({ host, losses }) => [host, losses.broker > 0]);
    assert.deepEqual(lost, [
      ['a', false],
      ['b', false],
      ['evil', true],
    ]);
  });

  it('may have a million keys and names of a megabyte, and print at the end of time', async () => {
    const shared = await session(EVERYBODY);
    const evil = agent('evil');
    const flood = async (): Promise<void> => {
      for (let first = 0; first < KEYS; first += KEYS_PER_FRAME) {
        const entries = Array.from({ length: KEYS_PER_FRAME }, (_, i): RawMapEntry => ({
          key: textKey(`key ${first + i}`),
          value: { kind: 'count', count: 1n },
        }));
        await evil.send(shared, { kind: 'map', map: '@', window: 0, entries, deleted: [] });
      }
      const text = 'x'.repeat(NAME_UNITS);
      for (let id = 0; id < NAMES; id++) {
        const name = { type: 'username', id: textKey(String(id)), text: [text] } as const;
        await evil.send(shared, { kind: 'names', names: [name] });
      }
      for (let n = 0; n < 100; n++) {
        await evil.send(shared, printfFrame([{ n, nsecs: 2n ** 62n }]));
      }
    };
    const flooding = flood();
    for (const host of HONEST) await agent(host).send(shared, countFrame({ sh: 5 }));
    await assertExact();
    await flooding;
    await assertExact();
    const { coverage } = await coordinator.api.stop(shared);
    const counts = countsOf((await coordinator.api.result(shared)).maps);
    assert.equal(counts['sh'], 10n);
    assert.equal(Object.keys(counts).length, BOUNDS.keys + 1);
    const lost = coverage.hosts.map(({ host, losses }) => [host, losses.coordinator]);
    const namesLost = NAMES - Math.floor(BOUNDS.nameUnits / NAME_UNITS);
    assert.deepEqual(lost, [
      ['a', 0],
      ['b', 0],
      ['evil', KEYS - BOUNDS.keys + namesLost],
    ]);
    assert.ok(coordinator.peakMemory() < MAX_MEMORY);
  });
});
