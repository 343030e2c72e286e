/** A loaded program: verified by the kernel, ready to be attached. */
import { assemble } from '../asm/assemble.ts';
import type { Instruction, SourceLine } from '../asm/instruction.ts';
import type { ProgramSpec } from '../asm/spec.ts';
import { objGetInfo, progById, progLoad, progTestRun } from '../sys/bpf.ts';
import type { ProgLoadAttr } from '../sys/bpf-attr.ts';
import * as K from '../sys/constants.ts';
import { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { isKernelError, type KernelError } from '../sys/kernel-error.ts';
import { KernelStruct } from '../sys/kernel-struct.ts';
import { LoadError } from './load-error.ts';
import { functionsOfProgram } from './loaded-programs.ts';
import { loadProgramBtf } from './load-program-btf.ts';
import type { KernelBtfIds } from './kernel-btf-ids.ts';
import { PROGRAM_TYPES } from './program-types.ts';
import { VerifierError } from './verifier-error.ts';

const TRACING_ATTACH_TYPES = {
  fentry: K.BPF_TRACE_FENTRY,
  fexit: K.BPF_TRACE_FEXIT,
  raw_tp: K.BPF_TRACE_RAW_TP,
  iter: K.BPF_TRACE_ITER,
} as const;

/** Log sizes to try in turn; the last is the most the kernel's older versions take. */
const LOG_SIZES: readonly number[] = [256 << 10, 4 << 20, 0xff_ffff];

export interface LoadContext {
  readonly calls: KernelCalls;
  /** The descriptor of a map that the program names. */
  readonly mapFd: (name: string) => number;
  /** Given what the verifier writes about a program it accepts, which makes loading slower. */
  readonly onVerifierLog?: (log: string) => void;
  /** Needed by programs of type `tracing` and by calls of kernel functions. */
  readonly btfIds?: KernelBtfIds;
}

/** Measured by the kernel while statistics are on (`enableStats`). */
export interface ProgramStats {
  readonly runTimeNs: bigint;
  readonly runCount: bigint;
  /** Events that found the program already running on their CPU and were skipped. Linux 5.12, else 0. */
  readonly recursionMisses: bigint;
}

type Target = Pick<ProgLoadAttr, 'expectedAttachType' | 'attachBtfId' | 'attachBtfObjFd'>;

export class Program {
  readonly spec: ProgramSpec;
  readonly fd: Fd;
  readonly #calls: KernelCalls;

  private constructor(spec: ProgramSpec, fd: Fd, calls: KernelCalls) {
    this.spec = spec;
    this.fd = fd;
    this.#calls = calls;
  }

  /**
   * Assembles, verifies and loads; the caller disposes. Throws VerifierError when the verifier says why it
   * refuses, else LoadError.
   */
  static load(spec: ProgramSpec, context: LoadContext): Program {
    const { calls, btfIds } = context;
    let moduleBtf: Fd | undefined;
    try {
      const { bytes, offsets } = assemble(spec.instructions, {
        mapFd: context.mapFd,
        kfunc: (name) => {
          const btfId = btfIds?.func(name)?.btfId;
          if (btfId !== undefined) return { btfId, fdIndex: 0 };
          throw new Error(`this kernel has no function ${name} that programs may call`);
        },
      });
      const target = attachTarget(spec, btfIds, calls);
      moduleBtf = target.moduleBtf;
      using btf = loadProgramBtf(spec, offsets, calls);
      const lineOf = (slot: number): SourceLine | undefined =>
        lineAt(spec.instructions, offsets, slot);
      const attr: ProgLoadAttr = {
        programType: PROGRAM_TYPES[spec.type],
        name: spec.name,
        instructions: bytes,
        license: spec.license,
        ...target.attr,
        ...(btf === undefined ? {} : { btf: btf.attr }),
      };
      return new Program(spec, load(calls, attr, context.onVerifierLog, lineOf), calls);
    } catch (error) {
      throw error instanceof VerifierError ? error : new LoadError(spec.name, error);
    } finally {
      moduleBtf?.close();
    }
  }

  /**
   * Runs the program once in this thread and returns its result. Only for raw tracepoint programs (Linux 5.10)
   * and a few types that are not used for tracing. `args` is the context, 8 bytes each.
   */
  testRun(args: readonly bigint[] = []): number {
    const context =
      args.length === 0 ? undefined : new Uint8Array(BigUint64Array.from(args).buffer);
    return progTestRun(this.#calls, this.fd, context);
  }

  stats(): ProgramStats {
    // struct bpf_prog_info: … run_time_ns 192, run_cnt 200, recursion_misses 208 … 216
    const info = new KernelStruct(216);
    objGetInfo(this.#calls, this.fd, info);
    return {
      runTimeNs: info.readU64(192),
      runCount: info.readU64(200),
      recursionMisses: info.readU64(208),
    };
  }

  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What the program is for, as far as it must be said when loading. */
function attachTarget(
  spec: ProgramSpec,
  btfIds: KernelBtfIds | undefined,
  calls: KernelCalls,
): { attr: Target; moduleBtf?: Fd } {
  if (spec.multi === 'kprobe') return { attr: { expectedAttachType: K.BPF_TRACE_KPROBE_MULTI } };
  if (spec.multi === 'kprobe-session') {
    return { attr: { expectedAttachType: K.BPF_TRACE_KPROBE_SESSION } };
  }
  if (spec.multi === 'uprobe') return { attr: { expectedAttachType: K.BPF_TRACE_UPROBE_MULTI } };
  if (spec.tracing === undefined) return { attr: {} };
  const { attachType, function: name, module, programId } = spec.tracing;
  if (programId !== undefined) return programTarget(calls, attachType, name, programId);
  if (btfIds === undefined) throw new Error('this kernel has no BTF (CONFIG_DEBUG_INFO_BTF)');
  const found = attachType === 'raw_tp' ? btfIds.rawTracepoint(name) : btfIds.func(name, module);
  if (found === undefined) {
    const kind = attachType === 'raw_tp' ? 'tracepoint' : 'function';
    throw new Error(`BTF knows no ${kind} ${module === undefined ? '' : `${module}:`}${name}`);
  }
  const { btfId, moduleBtf } = found;
  const attr = { expectedAttachType: TRACING_ATTACH_TYPES[attachType], attachBtfId: btfId };
  if (moduleBtf === undefined) return { attr };
  return { attr: { ...attr, attachBtfObjFd: moduleBtf.number }, moduleBtf };
}

/** A function of another program: its descriptor stands where that of a module's BTF would. */
function programTarget(
  calls: KernelCalls,
  attachType: keyof typeof TRACING_ATTACH_TYPES,
  name: string,
  programId: number,
): { attr: Target; moduleBtf: Fd } {
  const found = functionsOfProgram(calls, programId).find((one) => one.name === name);
  if (found === undefined) throw new Error(`BPF program ${programId} has no function ${name}`);
  const fd = progById(calls, programId);
  const expectedAttachType = TRACING_ATTACH_TYPES[attachType];
  const attr = { expectedAttachType, attachBtfId: found.btfId, attachBtfObjFd: fd.number };
  return { attr, moduleBtf: fd };
}

/** What the verifier answers to a program it refuses: EFAULT where a program branches more often than it can follow. */
const REFUSALS = ['EACCES', 'EINVAL', 'EPERM', 'E2BIG', 'EFAULT', 'ENOSPC', 'ENOTSUPP'] as const;

type LineOf = (slot: number) => SourceLine | undefined;

/** `offsets` are the slots that the instructions begin at. */
function lineAt(
  instructions: readonly Instruction[],
  offsets: readonly number[],
  slot: number,
): SourceLine | undefined {
  return instructions.findLast(
    ({ source }, index) => source !== undefined && (offsets[index] ?? 0) <= slot,
  )?.source;
}

/** Loads without a log, which is faster, unless it is wanted; a refused program is loaded again to learn why. */
function load(
  calls: KernelCalls,
  attr: ProgLoadAttr,
  onLog: ((log: string) => void) | undefined,
  lineOf: LineOf,
): Fd {
  try {
    return onLog === undefined ? progLoad(calls, attr) : loadAndTell(calls, attr, onLog);
  } catch (error) {
    if (!isKernelError(error, ...REFUSALS)) throw error;
    const outcome = loadWithLog(calls, attr, error, lineOf);
    if (outcome instanceof Fd) return outcome;
    throw outcome;
  }
}

function loadAndTell(calls: KernelCalls, attr: ProgLoadAttr, onLog: (log: string) => void): Fd {
  const buffer = new Uint8Array(LOG_SIZES.at(-1) ?? 0);
  // Level 1 forgets what was said of the paths that were found to be safe.
  const fd = progLoad(calls, { ...attr, log: { buffer, level: 2 } });
  onLog(textOf(buffer));
  return fd;
}

/** The log up to its NUL. */
function textOf(buffer: Uint8Array): string {
  const end = buffer.indexOf(0);
  return new TextDecoder().decode(end < 0 ? buffer : buffer.subarray(0, end));
}

function loadWithLog(
  calls: KernelCalls,
  attr: ProgLoadAttr,
  refusal: KernelError,
  lineOf: LineOf,
): Fd | KernelError | VerifierError {
  if (attr.btf !== undefined && refusal.code === 'EINVAL') {
    // The kernel may object to the line information only, which it can do without.
    const { btf: _, ...plain } = attr;
    try {
      return progLoad(calls, plain);
    } catch {
      // The program itself is at fault; with BTF the log says where.
    }
  }
  for (const sizeBytes of LOG_SIZES) {
    const buffer = new Uint8Array(sizeBytes);
    try {
      return progLoad(calls, { ...attr, log: { buffer, level: 1 } });
    } catch (error) {
      if (isKernelError(error, 'ENOSPC') && sizeBytes !== LOG_SIZES.at(-1)) continue;
      const log = textOf(buffer);
      return log.trim() === '' ? refusal : new VerifierError(attr.name, log, refusal, lineOf);
    }
  }
  return refusal;
}
