/** Names of kernel and user addresses, users and cgroups on this host, as bpftrace prints them. */
import { readFileSync } from 'node:fs';
import { Kallsyms, type KernelSymbol } from '@bpfleet/bpf';
import { addressText } from '@bpfleet/protocol';
import type { HostContainers } from '../containers/host-containers.ts';
import type { CgroupOwner, NameSource } from '../session/name-source.ts';
import { matcher } from '../target/wildcard.ts';
import { cgroupHierarchies, cgroupPathText, type CgroupHierarchy } from './cgroup-paths.ts';
import { parsePasswd } from './user-names.ts';

/** How often the kernel's list is read again because an address is not in it. */
const MAX_READINGS = 8;

export class Symbolizer implements NameSource {
  readonly #kallsyms: () => Kallsyms;
  readonly #containers: HostContainers;
  /** Of a later moment, with what was loaded since: modules, and BPF programs, our own among them. */
  #later: Kallsyms | undefined;
  #readings = 0;
  #hidden = false;
  #users: ReadonlyMap<bigint, string> | undefined;
  #cgroups: readonly CgroupHierarchy[] = [];

  constructor(kallsyms: () => Kallsyms, containers: HostContainers) {
    this.#kallsyms = kallsyms;
    this.#containers = containers;
  }

  get kernelNamesHidden(): boolean {
    return this.#hidden;
  }

  kernelSymbol(address: bigint, withOffset: boolean): string {
    const found = this.#resolve(address);
    if (found === undefined) return addressText(address);
    return withOffset ? `${found.name}+${found.offsetBytes}` : found.name;
  }

  #resolve(address: bigint): KernelSymbol | undefined {
    const found = this.#kallsyms().resolve(address);
    // The kernel itself does not change; what is behind it may have been loaded, or another be there now.
    if (found !== undefined && found.module === undefined) return found;
    const later = this.#later?.resolve(address);
    if (later !== undefined || this.#readings >= MAX_READINGS) return later ?? found;
    this.#readings++;
    this.#later = Kallsyms.read();
    this.#hidden = !this.#later.hasAddresses;
    return this.#later.resolve(address);
  }

  userName(uid: bigint): string {
    this.#users ??= parsePasswd(readFileSync('/etc/passwd', 'utf8'));
    return this.#users.get(uid) ?? String(uid);
  }

  cgroupOwner(id: bigint): CgroupOwner {
    return this.#containers.directory.ownerOf(id);
  }

  followCgroups(): void {
    this.#containers.follow();
  }

  cgroupPath(id: bigint, filter: string): string {
    const isWanted = matcher(filter);
    const known = cgroupPathText(this.#cgroups, id, isWanted);
    if (known !== undefined) return known;
    this.#cgroups = cgroupHierarchies();
    return cgroupPathText(this.#cgroups, id, isWanted) ?? '';
  }
}
