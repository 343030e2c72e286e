import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeKernel } from '../../../../test/support/fake-kernel.ts';
import { exit, mov, R0, sourced } from '../../src/asm/index.ts';
import type { ProgramSpec } from '../../src/asm/spec.ts';
import { LoadError } from '../../src/program/load-error.ts';
import { Program } from '../../src/program/program.ts';
import { VerifierError } from '../../src/program/verifier-error.ts';
import * as K from '../../src/sys/constants.ts';

const [EPERM, EAGAIN, EACCES, EINVAL, ENOSPC] = [1, 11, 13, 22, 28];
const SOURCE = { file: 'p.bt', line: 1, column: 1, text: 'BEGIN {}' };
const SPEC: ProgramSpec = {
  name: 'p',
  type: 'raw_tracepoint',
  instructions: [sourced(SOURCE, mov.imm(R0, 0)), exit()],
  license: 'GPL',
};
const LOG_BUFFER = 32;
const BTF_FD = 72;

function load(kernel: FakeKernel, spec: ProgramSpec = SPEC): Program {
  return Program.load(spec, { calls: kernel, mapFd: () => assert.fail('no map is used') });
}

test('a program loads at once, without a log, and its BTF is closed again', () => {
  const kernel = new FakeKernel();
  using program = load(kernel);
  assert.deepEqual(kernel.log, [K.BPF_BTF_LOAD, K.BPF_PROG_LOAD, 'close']);
  assert.deepEqual([...kernel.openFds], [program.fd.number]);
});

test('a kernel that takes no BTF gets the program without', () => {
  const kernel = new FakeKernel();
  kernel.answers.set(K.BPF_BTF_LOAD, () => -EINVAL);
  kernel.answers.set(K.BPF_PROG_LOAD, (attr) => (attr.readU32(BTF_FD) === 0 ? undefined : -EINVAL));
  using program = load(kernel);
  assert.ok(program.fd.isOpen);
});

test('a kernel that dislikes the line information gets the program without', () => {
  const kernel = new FakeKernel();
  kernel.answers.set(K.BPF_PROG_LOAD, (attr) => (attr.readU32(BTF_FD) === 0 ? undefined : -EINVAL));
  using program = load(kernel);
  assert.ok(program.fd.isOpen);
});

test('an interrupted verification is tried again', () => {
  const kernel = new FakeKernel();
  let attempts = 0;
  kernel.answers.set(K.BPF_PROG_LOAD, () => {
    attempts += 1;
    return attempts < 3 ? -EAGAIN : undefined;
  });
  using program = load(kernel);
  assert.ok(program.fd.isOpen);
  assert.equal(attempts, 3);
});

test('a refused program is loaded again with a log, which grows until it fits', () => {
  const kernel = new FakeKernel();
  const sizes: number[] = [];
  kernel.answers.set(K.BPF_PROG_LOAD, (attr) => {
    const log = attr.targetAt(LOG_BUFFER) as Uint8Array | undefined;
    if (log === undefined) return -EACCES;
    sizes.push(log.length);
    if (sizes.length === 1) return -ENOSPC;
    log.set(Buffer.from('R1 is bad\n'));
    return -EACCES;
  });
  assert.throws(
    () => load(kernel),
    (error) => error instanceof VerifierError && error.reason === 'R1 is bad',
  );
  assert.equal(sizes.length, 2);
  assert.ok((sizes[1] ?? 0) > (sizes[0] ?? 0));
  assert.equal(kernel.openFds.size, 0);
});

test('a refusal without a log is told by its errno', () => {
  const kernel = new FakeKernel();
  kernel.answers.set(K.BPF_PROG_LOAD, () => -EPERM);
  assert.throws(() => load(kernel), {
    name: 'LoadError',
    message: 'load program p: bpf(BPF_PROG_LOAD): EPERM: operation not permitted',
  });
});

test('a tracing program on a kernel without BTF says what is missing', () => {
  const tracing = { attachType: 'fentry', function: 'vfs_read' } as const;
  assert.throws(
    () => load(new FakeKernel(), { ...SPEC, type: 'tracing', tracing }),
    (error) => error instanceof LoadError && error.message.includes('CONFIG_DEBUG_INFO_BTF'),
  );
});
