/** The features bpfleet asks about: since when Linux has them, and the smallest thing that needs them. */
import { add, mov, sdiv } from '../asm/build-alu.ts';
import { call, exit, jlt, labelled } from '../asm/build-jump.ts';
import { loadMap } from '../asm/build-memory.ts';
import type { HelperName } from '../asm/helper-functions.ts';
import { R0, R2, R3 } from '../asm/register.ts';
import type { Btf } from '../btf/btf.ts';
import { pmuType } from '../link/pmu.ts';
import {
  linkCreate,
  mapCreate,
  mapLookupBatch,
  mapUpdate,
  progTestRun,
  rawTracepointOpen,
} from '../sys/bpf.ts';
import * as K from '../sys/constants.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { isKernelError } from '../sys/kernel-error.ts';
import { cString } from '../sys/kernel-struct.ts';
import { openPerfEvent } from '../sys/perf-event.ts';
import type { FeatureTest } from './feature-test.ts';
import { isReentered } from './is-reentered.ts';
import { loadProbe, RETURN_ZERO, type ProbeProgram } from './load-probe.ts';

export type FeatureName =
  | 'ringBuffer'
  | 'batch'
  | 'btf'
  | 'kprobe'
  | 'kprobeMulti'
  | 'kprobeSession'
  | 'uprobe'
  | 'uprobeMulti'
  | 'fentry'
  | 'rawTracepointBtf'
  | 'tailCalls'
  | 'perfLink'
  | 'rawTracepointTestRun'
  | 'forEachMapElem'
  | 'bpfLoop'
  | 'boundedLoops'
  | 'getFuncIp'
  | 'attachCookie'
  | 'rawTracepointCookie'
  | 'rawTracepointGuard'
  | 'signedDivision'
  | 'lookupPercpuElem'
  | 'iterators'
  | 'dPath'
  | 'taiClock'
  | 'longPrograms';

export type FeatureTests = Readonly<Record<FeatureName, FeatureTest>>;

/** Functions of which every kernel has one; the first is called by nothing but tests. */
const FUNCTIONS = ['bpf_fentry_test1', 'vfs_read'] as const;
/** The name of a map in a program. */
const TABLE = 'table';

const NO_KPROBES = 'no kprobes in this kernel (CONFIG_KPROBES)';

const NO_ITERATOR = 'no iterator over tasks in this kernel';

export function featureTests(calls: KernelCalls, vmlinux: () => Btf | undefined): FeatureTests {
  function loads(program: ProbeProgram): undefined {
    loadProbe(calls, program).close();
  }

  /** To a clock that never ticks. */
  function linkToClock(program: Fd, cookie?: bigint): undefined {
    const clock = { type: K.PERF_TYPE_SOFTWARE, config: BigInt(K.PERF_COUNT_SW_CPU_CLOCK) };
    const attr = { ...clock, samplePeriod: 1_000_000_000n, disabled: true };
    using event = openPerfEvent(calls, attr, { pid: 0, cpu: -1 });
    linkCreate(calls, {
      programFd: program.number,
      targetFd: event.number,
      attachType: K.BPF_PERF_EVENT,
      target: { kind: 'perf-event', ...(cookie === undefined ? {} : { cookie }) },
    }).close();
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
    ringBuffer: {
      name: 'ring buffers',
      minimumKernel: '5.8',
      commit: '457f44363a88',
      refusals: ['EINVAL'],
      attempt: () => {
        mapCreate(calls, {
          mapType: K.BPF_MAP_TYPE_RINGBUF,
          keySize: 0,
          valueSize: 0,
          // The largest page size of the supported architectures.
          maxEntries: 65536,
          flags: 0,
          name: 'bpfleet_probe',
        }).close();
        return undefined;
      },
    },

    batch: {
      name: 'map batch commands',
      minimumKernel: '5.6',
      commit: '057996380a42',
      refusals: ['EINVAL', 'ENOTSUPP'],
      attempt: () => {
        const sizes = { keySize: 4, valueSize: 4, maxEntries: 1 };
        const options = { mapType: K.BPF_MAP_TYPE_HASH, flags: 0, name: 'bpfleet_probe' };
        using map = mapCreate(calls, { ...options, ...sizes });
        const [outBatch, keys, values] = [new Uint8Array(4), new Uint8Array(4), new Uint8Array(4)];
        mapLookupBatch(calls, { mapFd: map.number, outBatch, keys, values, count: 1 });
        return undefined;
      },
    },

    btf: {
      name: 'kernel BTF',
      minimumKernel: '5.4',
      commit: '341dfcf8d78e',
      refusals: [],
      attempt: () =>
        vmlinux() === undefined ? 'no BTF in this kernel (CONFIG_DEBUG_INFO_BTF)' : undefined,
    },

    kprobe: {
      name: 'kprobes',
      minimumKernel: '4.17',
      commit: 'e12f03d7031a',
      refusals: [],
      attempt: () => {
        const type = pmuType('kprobe');
        if (type === undefined) return NO_KPROBES;
        const attr = { type, config: 0n, config1: cString('vfs_read'), disabled: true };
        openPerfEvent(calls, attr, { pid: -1, cpu: 0 }).close();
        return undefined;
      },
    },

    kprobeMulti: {
      name: 'kprobe multi links',
      minimumKernel: '5.18',
      commit: '0dcac2725406',
      refusals: ['EINVAL', 'EOPNOTSUPP'],
      attempt: () => {
        if (pmuType('kprobe') === undefined) return NO_KPROBES;
        const expectedAttachType = K.BPF_TRACE_KPROBE_MULTI;
        using program = loadProbe(calls, { type: 'kprobe', expectedAttachType });
        linkCreate(calls, {
          programFd: program.number,
          targetFd: 0,
          attachType: expectedAttachType,
          target: { kind: 'kprobe-multi', flags: 0, symbols: ['vfs_read'] },
        }).close();
        return undefined;
      },
    },

    kprobeSession: {
      name: 'kprobe sessions',
      minimumKernel: '6.10',
      commit: '535a3692ba72',
      refusals: ['EINVAL', 'EOPNOTSUPP'],
      attempt: () => {
        if (pmuType('kprobe') === undefined) return NO_KPROBES;
        const expectedAttachType = K.BPF_TRACE_KPROBE_SESSION;
        using program = loadProbe(calls, { type: 'kprobe', expectedAttachType });
        linkCreate(calls, {
          programFd: program.number,
          targetFd: 0,
          attachType: expectedAttachType,
          target: { kind: 'kprobe-multi', flags: 0, symbols: ['vfs_read'] },
        }).close();
        return undefined;
      },
    },

    uprobe: {
      name: 'uprobes',
      minimumKernel: '4.17',
      commit: '33ea4b24277b',
      refusals: [],
      attempt: () =>
        pmuType('uprobe') === undefined ? 'no uprobes in this kernel (CONFIG_UPROBES)' : undefined,
    },

    uprobeMulti: {
      name: 'uprobe multi links',
      minimumKernel: '6.6',
      commit: '89ae89f53d20',
      refusals: ['EINVAL', 'EOPNOTSUPP'],
      attempt: () => {
        const expectedAttachType = K.BPF_TRACE_UPROBE_MULTI;
        using program = loadProbe(calls, { type: 'kprobe', expectedAttachType });
        try {
          // A directory: a kernel that gets as far as looking at the file refuses it with EBADF.
          linkCreate(calls, {
            programFd: program.number,
            targetFd: 0,
            attachType: expectedAttachType,
            target: { kind: 'uprobe-multi', flags: 0, path: '/', offsets: [0n] },
          }).close();
        } catch (error) {
          if (!isKernelError(error, 'EBADF')) throw error;
        }
        return undefined;
      },
    },

    fentry: {
      name: 'fentry and fexit',
      minimumKernel: process.arch === 'arm64' ? '6.0' : '5.5',
      commit: process.arch === 'arm64' ? 'efc9909fdce0' : 'fec56f5890d9',
      refusals: ['EINVAL', 'ENOTSUPP', 'ENOENT'],
      attempt: () => {
        const btf = vmlinux();
        const ids = FUNCTIONS.map((name) => btf?.findByName(name, 'func'));
        const attachBtfId = ids.find((id) => id !== undefined);
        if (attachBtfId === undefined) return 'no BTF in this kernel (CONFIG_DEBUG_INFO_BTF)';
        const expectedAttachType = K.BPF_TRACE_FENTRY;
        using program = loadProbe(calls, { type: 'tracing', expectedAttachType, attachBtfId });
        rawTracepointOpen(calls, undefined, program).close();
        return undefined;
      },
    },

    rawTracepointBtf: {
      name: 'raw tracepoints with BTF',
      minimumKernel: '5.5',
      commit: '9e15db66136a',
      refusals: ['EINVAL'],
      attempt: () => {
        const attachBtfId = vmlinux()?.findByName('btf_trace_sched_switch', 'typedef');
        if (attachBtfId === undefined) return 'no BTF in this kernel (CONFIG_DEBUG_INFO_BTF)';
        return loads({ type: 'tracing', expectedAttachType: K.BPF_TRACE_RAW_TP, attachBtfId });
      },
    },

    tailCalls: {
      name: 'raw tracepoints and tail calls',
      minimumKernel: '4.17',
      commit: 'c4f6699dfcb8',
      refusals: ['EINVAL', 'ENOENT'],
      attempt: () => {
        const sizes = { keySize: 4, valueSize: 4, maxEntries: 1, flags: 0 };
        const mapType = K.BPF_MAP_TYPE_PROG_ARRAY;
        using table = mapCreate(calls, { mapType, ...sizes, name: 'bpfleet_probe' });
        using callee = loadProbe(calls, { type: 'raw_tracepoint' });
        using caller = loadProbe(calls, {
          type: 'raw_tracepoint',
          instructions: [loadMap(R2, TABLE), mov.imm(R3, 0), call('tail_call'), ...RETURN_ZERO],
          mapFd: table.number,
        });
        const key = new Uint8Array(4);
        mapUpdate(calls, table, key, new Uint8Array(Uint32Array.of(callee.number).buffer), 0);
        rawTracepointOpen(calls, 'sys_enter', caller).close();
        return undefined;
      },
    },

    perfLink: {
      name: 'BPF links to perf events',
      minimumKernel: '5.15',
      commit: 'b89fbfbb854c',
      refusals: ['EINVAL'],
      attempt: () => {
        using program = loadProbe(calls, { type: 'perf_event' });
        return linkToClock(program);
      },
    },

    rawTracepointTestRun: {
      name: 'test runs of raw tracepoint programs',
      minimumKernel: '5.10',
      commit: '1b4d60ec162f',
      refusals: ['EINVAL', 'ENOTSUPP'],
      attempt: () => {
        using program = loadProbe(calls, { type: 'raw_tracepoint' });
        progTestRun(calls, program);
        return undefined;
      },
    },

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

    attachCookie: {
      name: 'cookies of attachments',
      minimumKernel: '5.15',
      commit: '82e6b1eee6a8',
      refusals: ['EINVAL'],
      attempt: () => {
        const instructions = [call('get_attach_cookie'), ...RETURN_ZERO];
        using program = loadProbe(calls, { type: 'perf_event', instructions });
        return linkToClock(program, 1n);
      },
    },

    rawTracepointCookie: {
      name: 'cookies of raw tracepoints',
      minimumKernel: '6.10',
      commit: '68ca5d4eebb8',
      refusals: ['EINVAL'],
      attempt: () => {
        const instructions = [call('get_attach_cookie'), ...RETURN_ZERO];
        using program = loadProbe(calls, { type: 'raw_tracepoint', instructions });
        rawTracepointOpen(calls, 'sys_enter', program, 1n).close();
        return undefined;
      },
    },

    rawTracepointGuard: {
      name: 'raw tracepoints that keep running programs out',
      minimumKernel: '6.1',
      commit: '05b24ff9b2cf',
      refusals: ['EINVAL'],
      attempt: () => (isReentered(calls) ? 'programs are entered by what they do' : undefined),
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
