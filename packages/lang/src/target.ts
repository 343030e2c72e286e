/**
 * What a program is compiled for: plain data about one machine, holding just what this program refers to.
 *
 * `requirements(program)` says what to look up; the agent reads it from the machine into a `Target`; tests load it
 * from a file. `compile(source, target)` depends on nothing else.
 */
import type { ProgramType } from '@bpfleet/bpf/asm';

export interface Target {
  readonly host: TargetHost;
  readonly arch: 'x86_64' | 'arm64';
  readonly kernelRelease: string;
  /** Possible CPUs, the length of per-CPU values. */
  readonly possibleCpus: number;
  readonly onlineCpus: readonly number[];
  readonly pageSize: number;
  readonly features: TargetFeatures;
  /** The kernel's types, when it has them. */
  readonly btf?: TargetBtf;
  /** Attach points by their text as written (positional parameters spliced in), expanded. */
  readonly probes: Readonly<Record<string, ProbeExpansion>>;
  /** Addresses by name, for `kaddr("…")`. */
  readonly kernelSymbols: Readonly<Record<string, bigint>>;
  /** Of functions of the kernel that programs may call, in which types of programs; those that exist, by name. */
  readonly kernelFunctions?: Readonly<Record<string, readonly ProgramType[]>>;
  /** Inode by path, for `cgroupid("…")`. */
  readonly cgroupIds: Readonly<Record<string, bigint>>;
  /** Read where a wildcard matches tracepoints of system calls. */
  readonly systemCalls?: SystemCallFacts;
  /** What to add to the boot clock for the time of day and for atomic time, nanoseconds. */
  readonly clocks?: { readonly bootToUnixNs: bigint; readonly bootToTaiNs: bigint };
  /** Device and inode of the tracer's pid namespace when it is not the initial one. */
  readonly pidNamespace?: { readonly dev: bigint; readonly ino: bigint };
  /** From -p or the child of -c. */
  readonly pid?: number;
  /** Only processes in the control groups of `KERNEL_MAPS.cgroups` are traced, which the agent keeps current. */
  readonly cgroupFilter?: true;
  /** Pid of the child of -c, for `cpid`. */
  readonly childPid?: number;
}

/** Who this machine is in its fleet, for `host` and `label("…")`. */
export interface TargetHost {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What it takes to attach to all system calls at once. */
export type SystemCallFacts =
  | {
      readonly kind: 'known';
      /** In `task_struct`, of the member that `SystemCalls.foreign` names. */
      readonly flagsOffset: number;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Images of BTF as the kernel gives them; whoever reads one indexes it once and keeps the index with the image. */
export interface TargetBtf {
  readonly vmlinux: Uint8Array;
  /** Of the modules that the program's probes are in: split BTF, based on vmlinux. */
  readonly modules: Readonly<Record<string, Uint8Array>>;
}

/** What the kernel can do, probed, never guessed from its version. */
export interface TargetFeatures {
  readonly kprobe: boolean;
  readonly fentry: boolean;
  /** The errno name with which fentry is refused, `EPERM` for instance, when it is not there. */
  readonly fentryRefusal?: string;
  readonly kprobeMulti: boolean;
  readonly kprobeSession: boolean;
  readonly uprobeMulti: boolean;
  readonly rawTracepointBtf: boolean;
  /** Raw tracepoints, and programs that call others by a table. */
  readonly tailCalls: boolean;
  readonly forEachMapElem: boolean;
  readonly bpfLoop: boolean;
  readonly signedDivision: boolean;
  readonly lookupPercpuElem: boolean;
  readonly getFuncIp: boolean;
  /** Attachments carry a number that their program can ask for. */
  readonly attachCookie: boolean;
  readonly rawTracepointCookie: boolean;
  /** A program at a raw tracepoint is not entered by what it does itself. */
  readonly rawTracepointGuard: boolean;
  /** Which of them are false because the user wants to do without. */
  readonly switchedOff?: readonly string[];
}

/** What one written attach point means on this machine. */
export type ProbeExpansion =
  | {
      readonly kind: 'found';
      readonly probes: readonly ResolvedProbe[];
      readonly warnings?: readonly string[];
    }
  /** `near`: names that exist and resemble it. */
  | {
      readonly kind: 'missing';
      readonly near: readonly string[];
      readonly warnings?: readonly string[];
    }
  /** It is there, but attaching to it would fail, which is as if it were missing. */
  | { readonly kind: 'unattachable'; readonly message: string }
  /** Something else is wrong than that a name is not there, whatever `missing_probes` says. */
  | { readonly kind: 'refused'; readonly message: string; readonly hint?: string };

export type ResolvedProbe =
  | {
      readonly kind: 'tracepoint';
      readonly category: string;
      readonly event: string;
      readonly id: number;
      readonly fields: readonly TracepointField[];
      /** There is a raw tracepoint of the event's name; looked up for wildcards only. */
      readonly raw?: true;
    }
  | {
      readonly kind: 'rawtracepoint';
      readonly event: string;
      readonly module?: string;
      readonly args?: readonly FunctionArgument[];
    }
  | {
      readonly kind: 'kprobe';
      readonly function: string;
      readonly module?: string;
      /** From BTF, when known: lets it be attached as fentry where kprobes are missing. */
      readonly signature?: FunctionSignature;
    }
  | {
      readonly kind: 'bpf-program';
      readonly id: number;
      readonly name: string;
    }
  | { readonly kind: 'iter'; readonly iterator: string }
  | {
      readonly kind: 'fentry';
      readonly function: string;
      readonly module?: string;
      readonly signature: FunctionSignature;
    }
  | {
      readonly kind: 'uprobe';
      readonly path: string;
      readonly symbol: string;
      /** The file that is mapped where it is another: the archive that `path` is in. */
      readonly mappedPath?: string;
      /** Offset in that file at which to attach. */
      readonly fileOffset: number;
      /** Address for which the file was linked, where a source line was named and no symbol. */
      readonly address?: bigint;
      /** The types that the file's debug information has for this program, as a BTF image. */
      readonly debugTypes?: Uint8Array;
      /** For `args`, where the program asks for it. */
      readonly args?: UserArguments;
      /** For `uaddr`. */
      readonly variables?: UserVariables;
    }
  | {
      readonly kind: 'usdt';
      readonly path: string;
      readonly provider: string;
      readonly name: string;
      readonly locations: readonly UsdtLocation[];
      /** For `uaddr`. */
      readonly variables?: UserVariables;
      /** As that of a uprobe. */
      readonly debugTypes?: Uint8Array;
    }
  /** begin, end, interval, profile, software, hardware, self …: nothing to look up. */
  | { readonly kind: 'builtin' };

export type UserArguments =
  | {
      readonly kind: 'known';
      /** The struct of `debugTypes` whose members they are. */
      readonly struct: string;
      /** One for each member. */
      readonly places: readonly ArgumentPlace[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Where an argument of a function is when the function is entered; registers as in `UsdtArgument`. */
export type ArgumentPlace =
  | { readonly kind: 'registers'; readonly parts: readonly RegisterPart[] }
  /** In memory, so many bytes from the stack pointer. */
  | { readonly kind: 'stack'; readonly offset: number }
  /** In memory, at the address in a register. */
  | { readonly kind: 'indirect'; readonly register: string }
  /** In a floating-point register, which no BPF program sees. */
  | { readonly kind: 'unreadable' };

export interface RegisterPart {
  readonly register: string;
  /** Where in the argument the part belongs. */
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface TracepointField {
  readonly name: string;
  /** As in the format file, without the name and array length: `const char *`, `char`, `__data_loc char[]`. */
  readonly cType: string;
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
  readonly arrayLength?: number;
  readonly dynamic?: 'data_loc' | 'rel_loc';
}

export interface FunctionSignature {
  readonly args: readonly FunctionArgument[];
  /** Absent for void. */
  readonly returns?: FunctionArgument;
}

export interface FunctionArgument {
  readonly name: string;
  readonly cType: string;
  readonly size: number;
  readonly signed: boolean;
  readonly pointer: boolean;
}

/** Symbols of the file that a probe is in. */
export interface UserVariables {
  readonly symbols: Readonly<
    Record<string, { readonly address: bigint; readonly sizeBytes: number }>
  >;
  /**
   * Of a file that may be loaded anywhere: what is added to the file offset of code to give the address for which it was linked,
   * in the same way as `symbols` were. Absent where these are the addresses at run time.
   */
  readonly codeDistance?: bigint;
}

export interface UsdtLocation {
  readonly fileOffset: number;
  /** File offset of the semaphore; 0 without one. */
  readonly semaphoreOffset: number;
  readonly args: readonly UsdtArgument[];
}

/** Where a USDT argument is; registers by their name in pt_regs (`ax`, `di`, `r8` …; arm64 `x0` … `sp`). */
export type UsdtArgument = { readonly size: 1 | 2 | 4 | 8; readonly signed: boolean } &
  /** It is where programs cannot get at it, such as in a floating-point register; an error only where it is used. */
  (
    | { readonly kind: 'unreadable'; readonly reason: string }
    | { readonly kind: 'constant'; readonly value: bigint }
    /** `bitOffset`: 8 for the second byte of a register, such as `ah`. */
    | { readonly kind: 'register'; readonly register: string; readonly bitOffset?: number }
    | {
        readonly kind: 'memory';
        /** Without one the displacement is an address. */
        readonly base?: string;
        readonly index?: string;
        readonly scale?: number;
        readonly displacement: bigint;
      }
  );
