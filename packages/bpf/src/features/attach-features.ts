/** Ways to attach programs: the smallest thing that needs each. */
import { mov } from '../asm/build-alu.ts';
import { call } from '../asm/build-jump.ts';
import { loadMap } from '../asm/build-memory.ts';
import { R2, R3 } from '../asm/register.ts';
import type { Btf } from '../btf/btf.ts';
import { pmuType } from '../link/pmu.ts';
import { linkCreate, mapCreate, mapUpdate, progTestRun, rawTracepointOpen } from '../sys/bpf.ts';
import * as K from '../sys/constants.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { isKernelError } from '../sys/kernel-error.ts';
import { cString } from '../sys/kernel-struct.ts';
import { openPerfEvent } from '../sys/perf-event.ts';
import type { FeatureTests } from './feature-test.ts';
import { isReentered } from './is-reentered.ts';
import { loadProbe, RETURN_ZERO } from './load-probe.ts';

type AttachFeature =
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
  | 'attachCookie'
  | 'rawTracepointCookie'
  | 'rawTracepointGuard';

/** Functions of which every kernel has one; the first is called by nothing but tests. */
const FUNCTIONS = ['bpf_fentry_test1', 'vfs_read'] as const;
/** The name of a map in a program. */
const TABLE = 'table';

const NO_KPROBES = 'no kprobes in this kernel (CONFIG_KPROBES)';

export function attachFeatures(
  calls: KernelCalls,
  vmlinux: () => Btf | undefined,
): FeatureTests<AttachFeature> {
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

  return {
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
        const expectedAttachType = K.BPF_TRACE_RAW_TP;
        loadProbe(calls, { type: 'tracing', expectedAttachType, attachBtfId }).close();
        return undefined;
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
  };
}
