/** Kernels that mean something else by the same field: no merge can be right, so such hosts are left out and named. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Schema } from '@bpfleet/protocol';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countFrame, countsOf } from '../support/schemas.ts';
import { startTestCoordinator, type TestCoordinator } from '../support/test-coordinator.ts';

const PROGRAM = 'BEGIN { @ = count(); }';
const REASON = 'the key of @ is a number, elsewhere text';

const ODD_SCHEMA: Schema = {
  ...COUNT_SCHEMA,
  maps: COUNT_SCHEMA.maps.map((map) => ({
    ...map,
    key: { kind: 'integer', size: 8, signed: false },
  })),
};

describe('hosts whose maps mean something else', { concurrency: false }, () => {
  let nats: NatsServer;
  let coordinator: TestCoordinator;
  const agents: FakeAgent[] = [];
  const add = async (host: string, schema: Schema): Promise<FakeAgent> => {
    const agent = await FakeAgent.start({ url: nats.url, host, schema });
    agents.push(agent);
    return agent;
  };

  before(async () => {
    nats = await startNatsServer();
    coordinator = await startTestCoordinator(nats.url);
  });
  after(async () => {
    for (const agent of agents) await agent.kill();
    await coordinator[Symbol.asyncDispose]();
    await nats.close();
  });

  it('are left out by what most mean, also when they come late', async () => {
    const odd = await add('a-odd', ODD_SCHEMA);
    const usual = [await add('b', COUNT_SCHEMA), await add('c', COUNT_SCHEMA)];
    await coordinator.api.untilHosts(3);
    const { id } = await coordinator.api.start({ program: PROGRAM });
    await Promise.all(usual.map((agent) => agent.asked(id, 'run')));
    for (const agent of usual) await agent.send(id, countFrame({ sh: 2 }));
    await odd.send(id, countFrame({ sh: 5 }));
    const late = await add('z-late', ODD_SCHEMA);
    await late.arm(id);
    await coordinator.api.untilHost(id, 'z-late', 'failed');
    const { coverage } = await coordinator.api.stop(id);
    assert.deepEqual(
      coverage.hosts.map(({ host, state, reason }) => [host, state, reason]),
      [
        ['a-odd', 'failed', REASON],
        ['b', 'ended', undefined],
        ['c', 'ended', undefined],
        ['z-late', 'failed', REASON],
      ],
    );
    assert.deepEqual(countsOf((await coordinator.api.result(id)).maps), { sh: 4n });
    assert.deepEqual(countsOf((await coordinator.api.history(id)).maps), { sh: 4n });
  });
});
