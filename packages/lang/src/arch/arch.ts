/** What the compiler knows of a processor: where `struct pt_regs` keeps what. */

export interface Arch {
  /** Offsets in `struct pt_regs`, by the register's name there. */
  readonly registers: Readonly<Record<string, number>>;
  /** Registers of the first integer arguments. */
  readonly arguments: readonly string[];
  readonly result: string;
  readonly instructionPointer: string;
  readonly stackPointer: string;
  /** User mode where these bits of this register have this value. */
  readonly userMode: {
    readonly register: string;
    readonly mask: bigint;
    readonly value: bigint;
  };
  readonly systemCalls: SystemCalls;
}

/** System calls as the raw tracepoints `sys_enter` and `sys_exit` meet them: with the `struct pt_regs` of the caller. */
export interface SystemCalls {
  /** By the names of their tracepoints without `sys_enter_`. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Offsets in `struct pt_regs`. */
  readonly arguments: readonly number[];
  readonly number: { readonly offset: number; readonly sizeBytes: 4 | 8 };
  /**
   * Set in `task_struct::thread_info` while the kernel serves a call by another convention, that of 32-bit programs, whose
   * numbers mean other calls: the tracepoints of system calls leave these out (`ARCH_TRACE_IGNORE_COMPAT_SYSCALLS`).
   */
  readonly foreign: { readonly member: string; readonly mask: bigint };
}
