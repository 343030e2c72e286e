/**
 * One fleet time for each host in several sessions: each session has an estimate of its own of the host's clock, and
 * by two estimates two events of one thread would change places. Events of one boot are told by the first estimate.
 */

/** Larger differences mean that the host was booted in between, or its clock set where nobody could tell. */
const SAME_BOOT_NS = 1_000_000_000n;

export class HostAlignment {
  readonly #bases = new Map<string, bigint[]>();

  /** Fleet time. `bootToFleetNs`: what its session adds to the boot clock; 0 where that is not known. */
  align(host: string, hostNs: bigint, bootToFleetNs: bigint): bigint {
    const bases = this.#bases.get(host) ?? [];
    const known = bases.find((base) => magnitude(base - bootToFleetNs) < SAME_BOOT_NS);
    if (known !== undefined) return hostNs + known;
    this.#bases.set(host, [...bases, bootToFleetNs]);
    return hostNs + bootToFleetNs;
  }
}

function magnitude(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}
