/** Where a session learns names that only its host knows. */

/** Resolves names that only this host knows. */
export interface NameSource {
  kernelSymbol(address: bigint, withOffset: boolean): string;
  userSymbol(pid: number, address: bigint, withOffset: boolean): string;
  userName(uid: bigint): string;
  /** In the hierarchies that the filter names; empty if the group is in none of them. */
  cgroupPath(id: bigint, filter: string): string;
}
