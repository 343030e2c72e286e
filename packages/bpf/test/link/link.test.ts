import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';
import { exit, mov, R0 } from '../../src/asm/index.ts';
import type { ProgramType } from '../../src/asm/spec.ts';
import { detachAll, stopAll } from '../../src/link/link.ts';
import { attachPerfEvent } from '../../src/link/perf-event.ts';
import { attachRawTracepoint } from '../../src/link/raw-tracepoint.ts';
import { attachTracepoint } from '../../src/link/tracepoint.ts';
import { Program } from '../../src/program/program.ts';
import * as K from '../../src/sys/constants.ts';

function load(kernel: FakeKernel, type: ProgramType): Program {
  const spec = { name: 'p', type, license: 'GPL', instructions: [mov.imm(R0, 0), exit()] };
  return Program.load(spec, { calls: kernel, mapFd: () => 0 });
}

const TRACEPOINT = { probe: 'tracepoint:sched:sched_switch', id: 372 };

test('stopping closes the link and detaching the event too', async () => {
  const kernel = new FakeKernel();
  using program = load(kernel, 'tracepoint');
  const before = kernel.openFds.size;
  const links = [1, 2].map(() => attachTracepoint(kernel, program, TRACEPOINT));
  assert.equal(kernel.openFds.size, before + 4);
  await stopAll(links);
  assert.equal(kernel.openFds.size, before + 2);
  await detachAll(links);
  assert.equal(kernel.openFds.size, before);
});

test('what is left of a stopped link can be closed by others', async () => {
  const kernel = new FakeKernel();
  using program = load(kernel, 'tracepoint');
  const before = kernel.openFds.size;
  const link = attachTracepoint(kernel, program, TRACEPOINT);
  await link.stop();
  const events = link.takeEvents();
  await link.detach();
  assert.equal(kernel.openFds.size, before + 1);
  for (const event of events) event.close();
  assert.equal(kernel.openFds.size, before);
});

test('an event holds the program itself where there are no links, and stopping closes it', async () => {
  const kernel = new FakeKernel();
  kernel.answers.set(K.BPF_LINK_CREATE, () => -22);
  using program = load(kernel, 'tracepoint');
  const before = kernel.openFds.size;
  const link = attachTracepoint(kernel, program, TRACEPOINT);
  assert.equal(kernel.log.at(-1), 'ioctl');
  await link.stop();
  assert.equal(kernel.openFds.size, before);
});

test('a failure on the second CPU leaves nothing open and names probe and reason', () => {
  const kernel = new FakeKernel();
  using program = load(kernel, 'perf_event');
  const before = kernel.openFds.size;
  let events = 0;
  kernel.answers.set('perf_event_open', () => {
    events += 1;
    return events === 2 ? -19 : undefined;
  });
  const clock = { type: K.PERF_TYPE_SOFTWARE, config: 0n, sample: { frequencyHz: 99n } };
  assert.throws(
    () => attachPerfEvent(kernel, program, { probe: 'profile:hz:99', ...clock, cpus: [0, 1] }),
    { message: 'attach profile:hz:99: perf_event_open: ENODEV: no such device' },
  );
  assert.equal(kernel.openFds.size, before);
});

test('a period and a frequency reach the kernel as such', () => {
  const kernel = new FakeKernel();
  using program = load(kernel, 'perf_event');
  const seen: [bigint, bigint][] = [];
  kernel.answers.set('perf_event_open', (attr) => {
    seen.push([attr.readU64(16), attr.readU64(40) & (1n << 10n)]);
    return undefined;
  });
  const clock = { probe: 'p', type: K.PERF_TYPE_SOFTWARE, config: 0n, cpus: [0] };
  for (const sample of [{ frequencyHz: 99n }, { periodNs: 1000n }, { period: 7n }]) {
    using _ = attachPerfEvent(kernel, program, { ...clock, sample });
  }
  assert.deepEqual(seen, [
    [99n, 1n << 10n],
    [1000n, 0n],
    [7n, 0n],
  ]);
});

test('a raw tracepoint is opened by name, one with BTF by what the program was loaded for', () => {
  const kernel = new FakeKernel();
  using program = load(kernel, 'raw_tracepoint');
  let name: string | undefined;
  kernel.answers.set(K.BPF_RAW_TRACEPOINT_OPEN, (attr) => {
    name = Buffer.from(attr.targetAt(0) as Uint8Array).toString();
    return undefined;
  });
  using _ = attachRawTracepoint(kernel, program, { probe: 'rawtracepoint:x', event: 'x' });
  assert.equal(name, 'x\0');
});
