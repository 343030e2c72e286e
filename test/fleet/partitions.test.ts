/** Agents behind cables that are cut: one is joined again inside its lease, one is not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bpfIdsOf, untilUnloaded } from '../support/bpf-programs.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { NetworkNamespace, noNetworkNamespaces } from '../support/network-namespace.ts';
import { LOAD_NAME, startThreeLoads, type SyscallLoad } from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const CALLS = 500;
const PROGRAM = `tracepoint:syscalls:sys_enter_getppid
  /comm == "${LOAD_NAME}" && (pid == $1 || pid == $2 || pid == $3)/
  { @ = count(); printf("call\\n"); }`;

describe(
  'a network that is cut',
  { skip: notRoot() || noNetworkNamespaces(), timeout: 180_000 },
  () => {
    let fleet: TestFleet;
    let patient: NetworkNamespace;
    let hasty: NetworkNamespace;

    before(async () => {
      patient = new NetworkNamespace();
      hasty = new NetworkNamespace();
      fleet = await TestFleet.start({ here: {} }, { nats: { address: '0.0.0.0' } });
      await fleet.addAgent('patient', { ...inside(patient), lease: '60s' });
      await fleet.addAgent('hasty', { ...inside(hasty), lease: '4s' });
    });
    after(async () => {
      await fleet.close();
      patient[Symbol.dispose]();
      hasty[Symbol.dispose]();
    });

    it('costs nothing where it heals in time, and elsewhere leaves no probe and names the host', async () => {
      const [before, during, afterwards] = await startThreeLoads(CALLS);
      const id = await detached([before, during, afterwards]);
      await before.run();
      await untilStored(id, 3);
      const held = bpfIdsOf(fleet.agent('hasty').pid);
      patient.cut();
      hasty.cut();
      await untilUnloaded(held);
      await during.run();
      await fleet.untilHosts(id, 'lost', 2);
      patient.heal();
      await fleet.untilHosts(id, 'attached', 2);
      await afterwards.run();
      const out = await fleet.output('stop', id);
      assert.match(
        out,
        /^hosts 2\/3 · lost: .*, agent queue 0, broker 0, coordinator 0, store 0$/m,
      );
      assert.match(out, /^missing: hasty: lost: no sign of life for 5 s$/m);
      assert.doesNotMatch(out, /interrupted|late/);
      await assertCalls(id, out, 3 + 2 + 2);
    });

    it('is over for the next session', async () => {
      hasty.heal();
      const [first, second, third] = await startThreeLoads(CALLS);
      await fleet.until('all hosts are live', async () =>
        (await fleet.api.hosts()).every(({ state }) => state === 'live'),
      );
      const id = await detached([first, second, third]);
      for (const load of [first, second, third]) await load.run();
      const out = await fleet.output('stop', id);
      assert.match(out, /^hosts 3\/3 /m);
      await assertCalls(id, out, 9);
    });

    function inside(namespace: NetworkNamespace): { wrapper: readonly string[]; nats: string } {
      const { port } = new URL(fleet.nats.url);
      return { wrapper: namespace.wrapper, nats: `nats://${namespace.outside}:${port}` };
    }

    async function detached(loads: readonly SyscallLoad[]): Promise<string> {
      return fleet.detached(['-e', PROGRAM, ...loads.map(({ pid }) => String(pid))]);
    }

    async function untilStored(id: string, loads: number): Promise<void> {
      const sql = `SELECT sum(count) FROM maps_merged WHERE session = '${id}'`;
      await fleet.until(`${loads} loads are stored`, async () => {
        return (await fleet.api.query(sql)).rows[0]?.[0] === String(loads * CALLS);
      });
    }

    /** Shown and stored, in maps and lines. */
    async function assertCalls(id: string, out: string, loads: number): Promise<void> {
      const calls = loads * CALLS;
      assert.match(out, new RegExp(`^@: ${calls}$`, 'm'));
      assert.match(await fleet.output('history', 'show', id), new RegExp(`^@: ${calls}$`, 'm'));
      const { rows } = await fleet.api.query(
        `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame)
       FROM events WHERE session = '${id}' AND kind = 'printf'`,
      );
      assert.deepEqual(rows, [[String(calls), String(calls)]]);
    }
  },
);
