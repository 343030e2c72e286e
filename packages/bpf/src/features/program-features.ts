/** What programs may do: the smallest one that needs each. */
import { add, mov, sdiv } from '../asm/build-alu.ts';
import { call, exit, jlt, labelled } from '../asm/build-jump.ts';
import type { HelperName } from '../asm/helper-functions.ts';
import { R0 } from '../asm/register.ts';
import type { Btf } from '../btf/btf.ts';
import * as K from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { isKernelError } from '../sys/kernel-error.ts';
import type { FeatureTests } from './feature-test.ts';
import { loadProbe, type ProbeProgram } from './load-probe.ts';

type ProgramFeature =
  | 'forEachMapElem'
  | 'bpfLoop'
  | 'boundedLoops'
  | 'getFuncIp'
  | 'signedDivision'
  | 'lookupPercpuElem'
  | 'iterators'
  | 'dPath'
  | 'taiClock'
  | 'longPrograms';

const NO_ITERATOR = 'no iterator over tasks in this kernel';

export function programFeatures(
  calls: KernelCalls,
  vmlinux: () => Btf | undefined,
): FeatureTests<ProgramFeature> {
  function loads(program: ProbeProgram): undefined {
    loadProbe(calls, program).close();
  }

  /** A helper called without arguments is refused for them (EACCES), and an unknown one for itself (EINVAL). */
  function knowsHelper(
    helper: HelperName,
    program: ProbeProgram = { type: 'raw_tracepoint' },
  ): undefined {
    try {
      loads({ ...program, instructions: [call(helper), exit()] });
    } catch (error) {
      if (!isKernelError(error, 'EACCES')) throw error;
    }
  }

  /** Undefined where BTF has no iterator over tasks. */
  function taskIterator():
    Pick<ProbeProgram, 'type' | 'expectedAttachType' | 'attachBtfId'> | undefined {
    const attachBtfId = vmlinux()?.findByName('bpf_iter_task', 'func');
    if (attachBtfId === undefined) return undefined;
    return { type: 'tracing', expectedAttachType: K.BPF_TRACE_ITER, attachBtfId };
  }

  return {
    forEachMapElem: {
      name: 'bpf_for_each_map_elem',
      minimumKernel: '5.13',
      commit: '69c087ba6225',
      refusals: ['EINVAL'],
      attempt: () => knowsHelper('for_each_map_elem'),
    },

    bpfLoop: {
      name: 'bpf_loop',
      minimumKernel: '5.17',
      commit: 'e6f2dd0f8067',
      refusals: ['EINVAL'],
      attempt: () => knowsHelper('loop'),
    },

    boundedLoops: {
      name: 'bounded loops',
      minimumKernel: '5.3',
      commit: '2589726d12a1',
      refusals: ['EINVAL'],
      attempt: () =>
        loads({
          type: 'raw_tracepoint',
          instructions: [
            mov.imm(R0, 0),
            labelled('again', add.imm(R0, 1)),
            jlt.imm(R0, 10, 'again'),
            exit(),
          ],
        }),
    },

    getFuncIp: {
      name: 'bpf_get_func_ip in kprobes',
      minimumKernel: '5.15',
      commit: '9ffd9f3ff719',
      refusals: ['EINVAL'],
      attempt: () => loads({ type: 'kprobe', instructions: [call('get_func_ip'), exit()] }),
    },

    signedDivision: {
      name: 'signed division',
      minimumKernel: '6.6',
      commit: 'ec0e2da95f72',
      refusals: ['EINVAL'],
      attempt: () =>
        loads({
          type: 'raw_tracepoint',
          instructions: [mov.imm(R0, -6), sdiv.imm(R0, 2), exit()],
        }),
    },

    lookupPercpuElem: {
      name: 'bpf_map_lookup_percpu_elem',
      minimumKernel: '5.19',
      commit: '07343110b293',
      refusals: ['EINVAL'],
      attempt: () => knowsHelper('map_lookup_percpu_elem'),
    },

    iterators: {
      name: 'iterators',
      minimumKernel: '5.8',
      commit: '15d83c4d7cef',
      refusals: ['EINVAL'],
      attempt: () => {
        const iterator = taskIterator();
        return iterator === undefined ? NO_ITERATOR : loads(iterator);
      },
    },

    dPath: {
      name: 'bpf_d_path',
      minimumKernel: '5.10',
      commit: '6e22ab9da793',
      refusals: ['EINVAL'],
      attempt: () => {
        const iterator = taskIterator();
        if (iterator === undefined) return NO_ITERATOR;
        return knowsHelper('d_path', iterator);
      },
    },

    taiClock: {
      name: 'bpf_ktime_get_tai_ns',
      minimumKernel: '6.1',
      commit: 'c8996c98f703',
      refusals: ['EINVAL'],
      attempt: () => knowsHelper('ktime_get_tai_ns'),
    },

    longPrograms: {
      name: 'programs of more than 4096 instructions',
      minimumKernel: '5.2',
      commit: 'c04c0d2b968a',
      refusals: ['E2BIG', 'EINVAL'],
      attempt: () =>
        loads({
          type: 'raw_tracepoint',
          instructions: [...Array.from({ length: 4096 }, () => mov.imm(R0, 0)), exit()],
        }),
    },
  };
}
