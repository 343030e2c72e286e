/** A session goes on at a coordinator whose clock is minutes away from that of the one which began it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { StreamItem } from '@bpfleet/protocol';
import { CoordinatorChild } from '../support/coordinator-child.ts';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, printfFrame } from '../support/schemas.ts';

const MINUTES_MS = 120_000;

describe('coordinators whose clocks disagree', { concurrency: false, timeout: 120_000 }, () => {
  let nats: NatsServer;
  let folder: string;

  before(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(join(tmpdir(), 'bpfleet-stores-'));
  });
  after(async () => {
    await nats.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [what, aheadMs] of [
    ['ahead', MINUTES_MS],
    ['behind', -MINUTES_MS],
  ] as const) {
    it(`keep a session's times when the next one is ${what}`, async () => {
      const first = await CoordinatorChild.start(nats.url, join(folder, `first-${what}`));
      const next = await CoordinatorChild.start(nats.url, join(folder, `next-${what}`), aheadMs);
      const agents = await Promise.all(
        ['one', 'two'].map(async (host) =>
          FakeAgent.start({ url: nats.url, host: `${host}-${what}`, schema: COUNT_SCHEMA }),
        ),
      );
      await first.api.untilHosts(2);
      await next.api.untilHosts(2);
      const { id, startedAtMs, coordinator } = await first.api.start({
        program: 'BEGIN { @ = count(); }',
        durationMs: 60_000,
      });
      await Promise.all(agents.map(async (agent) => agent.asked(id, 'run')));
      await first.kill();
      const print = async (n: number): Promise<void> => {
        const nsecs = BigInt(Date.now()) * 1_000_000n;
        for (const agent of agents) await agent.send(id, printfFrame([{ n, nsecs }]));
      };
      const lines: StreamItem[] = [];
      let taken = coordinator;
      for (let n = 0; taken === coordinator; n++) {
        await print(n);
        ({ coordinator: taken } = await next.api.session(id));
      }
      await print(-1);
      for await (const item of next.api.stream(id)) {
        if (item.kind === 'output') lines.push(item);
        if (lines.length > 0) break;
        await print(-2);
      }
      const running = await next.api.session(id);
      assert.deepEqual([running.state, running.startedAtMs], ['running', startedAtMs]);
      const { state, endedAtMs = 0 } = await next.api.stop(id);
      assert.equal(state, 'ended');
      assert.ok(Math.abs(endedAtMs - Date.now()) < MINUTES_MS / 2);
      for (const agent of agents) await agent.kill();
      await next.kill();
    });
  }
});
