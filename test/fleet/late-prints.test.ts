/** A host that reports a window when it has been printed without it: that is counted, and the store has what it said. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutputItem } from '@bpfleet/protocol';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countsOf, printFrame } from '../support/schemas.ts';
import { startTestCoordinator } from '../support/test-coordinator.ts';

function printed(items: readonly OutputItem[]): unknown {
  return items.flatMap((item) => (item.kind === 'map' ? [[item.reporting, countsOf([item])]] : []));
}

describe('a window that is printed when the grace for a slow host is over', () => {
  it('lacks that host live, which the result says, and has it in the history', async () => {
    await using nats = await startNatsServer();
    await using coordinator = await startTestCoordinator(nats.url);
    const { api } = coordinator;
    const [quick, slow] = await Promise.all(
      ['quick', 'slow'].map(async (host) =>
        FakeAgent.start({ url: nats.url, host, schema: COUNT_SCHEMA }),
      ),
    );
    assert.ok(quick !== undefined && slow !== undefined);
    await api.untilHosts(2);
    const { id } = await api.start({ program: 'interval:s:1 { @ = count(); print(@); }' });
    await Promise.all([quick, slow].map(async (agent) => agent.asked(id, 'run')));
    const printedAtNs = BigInt(Date.now()) * 1_000_000n;
    await quick.send(id, printFrame(0, printedAtNs, { sh: 1 }));
    const live: OutputItem[] = [];
    for await (const item of api.stream(id)) {
      if (item.kind === 'output') live.push(item.item);
      if (live.length > 0) break;
    }
    assert.deepEqual(printed(live), [[[1, 2], { sh: 1n }]]);
    await slow.send(id, printFrame(0, printedAtNs, { sh: 2 }));
    await api.stop(id);
    const { coverage } = (await api.result(id)).session;
    assert.deepEqual(
      coverage.hosts.map(({ host, latePrints }) => [host, latePrints]),
      [
        ['quick', undefined],
        ['slow', 1],
      ],
    );
    assert.deepEqual(printed((await api.history(id)).output), [[[2, 2], { sh: 3n }]]);
    const { rows } = await api.query(
      `SELECT host, late_prints FROM hosts FINAL WHERE session = '${id}' ORDER BY host`,
    );
    assert.deepEqual(rows, [
      ['quick', '0'],
      ['slow', '1'],
    ]);
    await quick.kill();
    await slow.kill();
  });
});
