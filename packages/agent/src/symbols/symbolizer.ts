/** Names of kernel and user addresses, users and cgroups on this host, as bpftrace prints them. */
import { readFileSync } from 'node:fs';
import type { Kallsyms } from '@bpfleet/bpf';
import type { NameSource } from '../session/name-source.ts';
import { matcher } from '../target/wildcard.ts';
import { cgroupHierarchies, cgroupPathText, type CgroupHierarchy } from './cgroup-paths.ts';
import { parsePasswd } from './user-names.ts';

export class Symbolizer implements NameSource {
  readonly #kallsyms: () => Kallsyms;
  #users: ReadonlyMap<bigint, string> | undefined;
  #cgroups: readonly CgroupHierarchy[] = [];

  constructor(kallsyms: () => Kallsyms) {
    this.#kallsyms = kallsyms;
  }

  kernelSymbol(address: bigint, withOffset: boolean): string {
    const found = this.#kallsyms().resolve(address);
    if (found === undefined) return hex(address);
    return withOffset ? `${found.name}+${found.offsetBytes}` : found.name;
  }

  userName(uid: bigint): string {
    this.#users ??= parsePasswd(readFileSync('/etc/passwd', 'utf8'));
    return this.#users.get(uid) ?? String(uid);
  }

  cgroupPath(id: bigint, filter: string): string {
    const isWanted = matcher(filter);
    const known = cgroupPathText(this.#cgroups, id, isWanted);
    if (known !== undefined) return known;
    this.#cgroups = cgroupHierarchies();
    return cgroupPathText(this.#cgroups, id, isWanted) ?? '';
  }
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}
