/** Frames that are repeated, reordered, held back or damaged between an agent and NATS. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { NatsProxy, type PassingFrame } from '../support/nats-proxy.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad, type SyscallLoad } from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const CALLS = 300;
const LOADS = 6;
const HOSTS = 2;
const OURS = Array.from({ length: LOADS }, (_, load) => `pid == $${load + 1}`).join(' || ');
const PROGRAM = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && (${OURS})/
  { @ = count(); @by[pid % 2] = count(); printf("call\\n"); }`;

describe('frames that do not come as they were sent', { skip: notRoot(), timeout: 180_000 }, () => {
  let fleet: TestFleet;
  let proxy: NatsProxy;

  before(async () => {
    fleet = await TestFleet.start({ direct: {} });
    proxy = await NatsProxy.start(fleet.nats.url);
    await fleet.addAgent('proxied', { nats: proxy.url });
  });
  after(async () => {
    await fleet.close();
    proxy.close();
  });

  it('repeated, held back and in another order they count once', async () => {
    const loads = await startLoads();
    const kinds = { events: 0, map: 0 };
    let passed = 0;
    proxy.treat = ({ frame }) => {
      if (frame.kind === 'end') {
        proxy.release();
        return 'repeat';
      }
      if (frame.kind === 'events' || frame.kind === 'map') kinds[frame.kind] += 1;
      if (proxy.held === 3) proxy.release();
      passed += 1;
      return passed % 2 === 0 ? 'hold' : 'repeat';
    };
    const id = await fleet.detached(['-e', PROGRAM, ...pidsOf(loads)]);
    for (const load of loads) {
      const { map } = kinds;
      await load.run();
      // The newest values are on their way before they change again.
      await fleet.until('maps are mixed up', async () => Promise.resolve(kinds.map > map));
    }
    assert.ok(kinds.events > 2);
    const out = await fleet.output('stop', id);
    const calls = HOSTS * LOADS * CALLS;
    assert.match(out, /^hosts 2\/2 · lost: .*, agent queue 0, broker 0, coordinator 0, store 0$/m);
    assert.match(out, new RegExp(`^@: ${calls}$`, 'm'));
    assert.match(await fleet.output('history', 'show', id), new RegExp(`^@: ${calls}$`, 'm'));
    assert.equal(await storedLines(id), calls);
  });

  it('damaged they are refused and counted, and what comes later makes up for them', async () => {
    const loads = await startLoads();
    let lines = 0;
    const damaged: PassingFrame[] = [];
    proxy.treat = (passing) => {
      const { frame } = passing;
      if (frame.kind !== 'events' && frame.kind !== 'map') return 'pass';
      if (damaged.some((other) => other.frame.kind === frame.kind)) return 'pass';
      damaged.push(passing);
      if (frame.kind === 'events') lines += frame.records.length;
      return 'damage';
    };
    const id = await fleet.detached(['-e', PROGRAM, ...pidsOf(loads)]);
    // All of it before the first maps go out, so that no later change says what the damaged frame did.
    await Promise.all(loads.map(async (load) => load.run()));
    await fleet.until('maps and events are damaged', async () =>
      Promise.resolve(damaged.length === 2),
    );
    const out = await fleet.output('stop', id);
    proxy.treat = () => 'pass';
    const calls = HOSTS * LOADS * CALLS;
    assert.match(out, /^hosts 2\/2 · lost: .*, broker 2, coordinator 0, store 0$/m);
    assert.match(out, /^lost on proxied: broker 2$/m);
    assert.match(out, new RegExp(`^@: ${calls}$`, 'm'));
    assert.match(await fleet.output('history', 'show', id), new RegExp(`^@: ${calls}$`, 'm'));
    assert.ok(lines > 0);
    assert.equal(await storedLines(id), calls - lines);
    const result = (await fleet.json('history', 'show', id)).at(-1);
    assert.match(JSON.stringify(result), /"losses":\{[^}]*"broker":2,/);
  });

  async function startLoads(): Promise<readonly SyscallLoad[]> {
    return Promise.all(Array.from({ length: LOADS }, async () => startSyscallLoad(CALLS)));
  }

  async function storedLines(id: string): Promise<number> {
    const { rows } = await fleet.api.query(
      `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame)
       FROM events WHERE session = '${id}' AND kind = 'printf'`,
    );
    assert.equal(rows[0]?.[0], rows[0]?.[1]);
    return Number(rows[0]?.[0]);
  }
});

function pidsOf(loads: readonly SyscallLoad[]): readonly string[] {
  return loads.map(({ pid }) => String(pid));
}
