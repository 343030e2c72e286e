/** Programs assembled by hand, loaded and run by the kernel. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  BpfMap,
  enableStats,
  kernelBtfIds,
  LoadError,
  openKernel,
  Program,
  type ProgramSpec,
  readHost,
  readKernelBtf,
  VerifierError,
} from '@bpfleet/bpf';
import {
  add,
  atomicAdd,
  call,
  exit,
  type Instruction,
  jeq,
  labelled,
  ldx,
  loadMap,
  mov,
  R0,
  R1,
  R10,
  R2,
  sourced,
  stx,
} from '@bpfleet/bpf/asm';
import { failOnFdLeaks } from '../support/fd-leaks.ts';
import { notRoot } from '../support/needs-kernel.ts';

failOnFdLeaks();

function rawTracepoint(instructions: readonly Instruction[]): ProgramSpec {
  return { name: 'test', type: 'raw_tracepoint', instructions, license: 'GPL' };
}

describe('programs of the kernel', { skip: notRoot() }, () => {
  const calls = openKernel();
  const { possibleCpus } = readHost();
  const noMaps = (name: string): never => assert.fail(`no map ${name}`);

  test('a program returns what it computed from its context', () => {
    const spec = rawTracepoint([ldx(8, R0, R1, 0), add.imm(R0, 2), exit()]);
    using program = Program.load(spec, { calls, mapFd: noMaps });
    assert.equal(program.testRun([40n]), 42);
  });

  test('a program writes to the map it names', () => {
    using map = BpfMap.create(
      { name: 'counts', type: 'array', keySize: 4, valueSize: 8, maxEntries: 1, flags: 0 },
      calls,
      possibleCpus,
    );
    const spec = rawTracepoint([
      mov.imm(R1, 0),
      stx(4, R10, -4, R1),
      mov.reg(R2, R10),
      add.imm(R2, -4),
      loadMap(R1, 'counts'),
      call('map_lookup_elem'),
      jeq.imm(R0, 0, 'end'),
      mov.imm(R1, 1),
      atomicAdd(8, R0, 0, R1),
      labelled('end', mov.imm(R0, 0)),
      exit(),
    ]);
    using program = Program.load(spec, { calls, mapFd: () => map.fd.number });
    for (let run = 0; run < 5; run += 1) program.testRun();
    assert.deepEqual(map.lookup(new Uint8Array(4)), Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0));
  });

  test('a refused program names the reason and the source line', () => {
    const source = { file: 'prog.bt', line: 3, column: 5, text: '@x = *(uint64*)0;' };
    const spec = rawTracepoint([sourced(source, mov.imm(R2, 0)), ldx(8, R0, R2, 0), exit()]);
    assert.throws(
      () => Program.load(spec, { calls, mapFd: noMaps }),
      (error) => {
        assert.ok(error instanceof VerifierError);
        assert.match(error.message, /^load program test: EACCES: R2 invalid mem access 'scalar'/);
        assert.equal(error.source?.text, source.text);
        assert.match(error.message, /lines omitted, -v shows all/);
        assert.match(error.log, /processed \d+ insns/);
        return true;
      },
    );
  });

  test('the run time and number of runs are measured while statistics are on', () => {
    const spec = rawTracepoint([mov.imm(R0, 0), exit()]);
    using program = Program.load(spec, { calls, mapFd: noMaps });
    assert.equal(program.stats().runCount, 0n);
    using _ = enableStats(calls);
    for (let run = 0; run < 3; run += 1) program.testRun();
    const stats = program.stats();
    assert.equal(stats.runCount, 3n);
    assert.equal(stats.recursionMisses, 0n);
    assert.ok(stats.runTimeNs > 0n);
  });

  test('the verifier tells what it made of a program that it accepts', () => {
    const line = { file: 'demo.bt', line: 3, column: 1, text: 'BEGIN { $a = 2; }' };
    const spec = rawTracepoint([sourced(line, mov.imm(R0, 2)), exit()]);
    const logs: string[] = [];
    Program.load(spec, { calls, mapFd: noMaps, onVerifierLog: (log) => logs.push(log) }).close();
    assert.equal(logs.length, 1);
    assert.match(logs[0] ?? '', /^; BEGIN \{ \$a = 2; \}/m);
    assert.match(logs[0] ?? '', /^0: \(b7\) r0 = 2/m);
    assert.match(logs[0] ?? '', /^1: \(95\) exit$/m);
  });

  test('a tracing program for a tracepoint that does not exist is refused by name', () => {
    const vmlinux = readKernelBtf() ?? assert.fail('this kernel has no BTF');
    const spec: ProgramSpec = {
      name: 'test',
      type: 'tracing',
      tracing: { attachType: 'raw_tp', function: 'no_such_tracepoint' },
      instructions: [mov.imm(R0, 0), exit()],
      license: 'GPL',
    };
    assert.throws(
      () => Program.load(spec, { calls, mapFd: noMaps, btfIds: kernelBtfIds(vmlinux, calls) }),
      (error) =>
        error instanceof LoadError &&
        error.message === 'load program test: BTF knows no tracepoint no_such_tracepoint',
    );
  });
});
