/** A program that counts its runs in a map, and the map. */
import assert from 'node:assert/strict';
import {
  BpfMap,
  kernelBtfIds,
  openKernel,
  Program,
  type ProgramSpec,
  readHost,
  readKernelBtf,
} from '@bpfleet/bpf';
import { atomicAdd, mov, R1, R7 } from '@bpfleet/bpf/asm';
import { elementZero, end, onlyPid } from './bpf-snippets.ts';

export class CountingProgram {
  readonly program: Program;
  readonly #counter: BpfMap;

  /** Counts the runs in one process only if a pid is given. */
  constructor(spec: Pick<ProgramSpec, 'type' | 'tracing' | 'multi'>, pid?: number) {
    const calls = openKernel();
    const counter = { name: 'counter', type: 'array', keySize: 4, valueSize: 8 } as const;
    const { possibleCpus } = readHost();
    this.#counter = BpfMap.create({ ...counter, maxEntries: 1, flags: 0 }, calls, possibleCpus);
    const filter = pid === undefined ? [] : onlyPid(pid);
    const count = [...elementZero('counter'), mov.imm(R1, 1), atomicAdd(8, R7, 0, R1)];
    const instructions = [...filter, ...count, ...end()];
    const vmlinux = spec.tracing === undefined ? undefined : readKernelBtf();
    try {
      this.program = Program.load(
        { name: 'test', license: 'GPL', instructions, ...spec },
        {
          calls,
          mapFd: () => this.#counter.fd.number,
          ...(vmlinux === undefined ? {} : { btfIds: kernelBtfIds(vmlinux, calls) }),
        },
      );
    } catch (error) {
      this.#counter.close();
      throw error;
    }
  }

  get count(): bigint {
    const value = this.#counter.lookup(new Uint8Array(4)) ?? assert.fail('no element 0');
    return new DataView(value.buffer).getBigUint64(0, true);
  }

  [Symbol.dispose](): void {
    this.program.close();
    this.#counter.close();
  }
}
