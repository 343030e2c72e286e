/** What is printed and what is said to be lost are the truth together, whatever is killed while programs print. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Coverage, LossCounts } from '@bpfleet/protocol';
import { bpfIdsOf, untilUnloaded } from '../support/bpf-programs.ts';
import type { BpfleetProcess } from '../support/bpfleet-process.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad, type SyscallLoad } from '../support/syscall-load.ts';
import { TestFleet, THREE_HOSTS } from '../support/test-fleet.ts';

const HOSTS = Object.keys(THREE_HOSTS).length;
const LINES = 20_000;
const PRINT = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && pid == $1/ { printf("call of %s\\n", comm); }`;

interface Printing {
  readonly id: string;
  readonly load: SyscallLoad;
  readonly text: BpfleetProcess;
  readonly json: BpfleetProcess;
}

describe('what is killed while programs print', { skip: notRoot(), timeout: 240_000 }, () => {
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start();
  });
  after(async () => fleet.close());

  it('shows each line once when nats-server is killed', async () => {
    const printing = await print();
    const calls = printing.load.run();
    await printing.text.printed(/call of/);
    await fleet.nats.stop();
    await calls;
    await fleet.nats.start();
    const { losses } = await assertTruth(printing);
    assert.equal(losses.agentQueue, 0);
  });

  it('counts what a killed runner took with it', async () => {
    const printing = await print();
    await printing.load.run();
    killRunner();
    await fleet.untilHosts(printing.id, 'lost', 1);
    await assertTruth(printing);
  });

  it('counts what a killed runner had kept for a nats-server that was killed', async () => {
    const printing = await print();
    await fleet.nats.stop();
    await printing.load.run();
    killRunner();
    await fleet.nats.start();
    await fleet.untilHosts(printing.id, 'lost', 1);
    const { losses, out } = await assertTruth(printing);
    assert.equal(losses.ringBuffer + losses.agentQueue, LINES);
    const why = 'lost: its runner died (SIGKILL); its probes are gone with it';
    assert.ok(out.includes(`\nmissing: web-1: ${why}\n`), out.slice(-2000));
    assert.match(out, /^lost on web-1: .*\d+$/m);
  });

  it('shows each line of an agent that is killed', async () => {
    const printing = await print();
    await printing.load.run();
    const held = bpfIdsOf(fleet.agent('db-1').pid);
    await fleet.removeAgent('db-1', 'SIGKILL');
    await untilUnloaded(held);
    await fleet.untilHosts(printing.id, 'lost', 1);
    const { losses, out } = await assertTruth(printing);
    assert.equal(losses.agentQueue, 0);
    assert.match(out, /^missing: db-1: lost: no sign of life for 5 s$/m);
  });

  /** Followed as text and as JSON. */
  async function print(): Promise<Printing> {
    const load = await startSyscallLoad(LINES);
    const { id, command } = await fleet.run(['-e', PRINT, String(load.pid)]);
    const json = fleet.start('attach', id, '--json');
    await json.printed(/^session /m);
    return { id, load, text: command, json };
  }

  function killRunner(): void {
    const [runner = 0] = fleet.runners('web-1');
    process.kill(runner, 'SIGKILL');
  }

  /** Live, in both forms, and in the store. */
  async function assertTruth({
    id,
    text,
    json,
  }: Printing): Promise<{ readonly losses: LossCounts; readonly out: string }> {
    const { out, exitCode } = await text.kill('SIGINT');
    assert.equal(exitCode, 0);
    const { losses } = (await fleet.api.history(id)).session.coverage;
    const { ringBuffer, agentQueue, ...others } = losses;
    assert.deepEqual(Object.values({ ...others, mapFull: 0 }), [0, 0, 0, 0, 0]);
    const shown = linesOf(out);
    assert.equal(shown + ringBuffer + agentQueue, HOSTS * LINES);
    const told = (await json.finished()).out;
    assert.equal(linesOf(told), shown);
    const last = JSON.parse(told.trimEnd().split('\n').at(-1) ?? '') as {
      readonly session: { readonly coverage: Coverage };
    };
    assert.deepEqual(last.session.coverage.losses, losses);
    const select = `SELECT count() FROM events WHERE session = '${id}' AND kind = 'printf'`;
    await fleet.until('all is stored', async () => {
      return (await fleet.api.query(select)).rows[0]?.[0] === String(shown);
    });
    return { losses, out };
  }
});

function linesOf(out: string): number {
  return out.match(new RegExp(`call of ${LOAD_NAME}`, 'g'))?.length ?? 0;
}
