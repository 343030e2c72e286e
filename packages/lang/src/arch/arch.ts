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
}
