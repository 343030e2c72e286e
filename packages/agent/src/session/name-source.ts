/** Where a session learns names that only its host knows. */

/** Names of addresses in user programs. */
export interface UserNameSource {
  symbol(pid: number, address: bigint): string;
  /** One or, where functions are inlined, more lines. */
  frames(pid: number, address: bigint, mode: 'bpftrace' | 'perf'): readonly string[];
}

/** Whose processes a control group is for. */
export interface CgroupOwner {
  /** A unit of systemd where there is no container; empty for what is in neither. */
  readonly container: string;
  readonly pod: string;
  readonly namespace: string;
  /** Nobody could say yet: ids stand for names. */
  readonly isPending: boolean;
}

/** Resolves names that only this host knows. */
export interface NameSource {
  /** Whether an address had no name because the kernel shows none: kernel.kptr_restrict, or no CAP_SYSLOG. */
  readonly kernelNamesHidden: boolean;
  kernelSymbol(address: bigint, withOffset: boolean): string;
  userName(uid: bigint): string;
  /** In the hierarchies that the filter names; empty if the group is in none of them. */
  cgroupPath(id: bigint, filter: string): string;
  cgroupOwner(id: bigint): CgroupOwner;
  /** From now on control groups are remembered, so that those that are gone have names. */
  followCgroups(): void;
}
