/** Tells the coordinator whether there is anything on this host that a session about some containers is about. */
import type { BpfMap } from '@bpfleet/bpf';
import type { ContainerFilter } from '@bpfleet/protocol';
import { CgroupFilter } from '../containers/cgroup-filter.ts';
import type { HostContainers } from '../containers/host-containers.ts';
import { nothingMatches, type PodKnowledge } from '../containers/nothing-matches.ts';

interface Matched {
  readonly kind: 'matched';
  readonly fault?: string;
}

export class FilterReport {
  readonly #filter: ContainerFilter;
  readonly #containers: HostContainers;
  readonly #report: (matched: Matched) => Promise<unknown>;
  #state: string | undefined;
  #isArmed = false;
  #isTold = true;

  constructor(
    filter: ContainerFilter,
    containers: HostContainers,
    pods: PodKnowledge,
    report: (matched: Matched) => Promise<unknown>,
  ) {
    this.#filter = filter;
    this.#containers = containers;
    this.#report = report;
    this.#state = nothingMatches(filter, pods);
  }

  follow(map: BpfMap): Disposable {
    return new CgroupFilter(map, {
      filter: this.#filter,
      containers: this.#containers,
      onMatch: () => this.#set(undefined),
      onFault: (message) => this.#set(message),
    });
  }

  /** Part of what is said when the session is armed. */
  get unmatched(): { readonly unmatched?: string } {
    this.#isTold = true;
    return this.#state === undefined ? {} : { unmatched: this.#state };
  }

  /** That has been said: from now on changes are. */
  armed(): void {
    this.#isArmed = true;
    if (!this.#isTold) this.#tell();
  }

  #set(state: string | undefined): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#isTold = false;
    if (this.#isArmed) this.#tell();
  }

  /** A broker that is away hears of it later, or not: what is counted does not depend on it. */
  #tell(): void {
    this.#isTold = true;
    const fault = this.#state;
    this.#report({ kind: 'matched', ...(fault === undefined ? {} : { fault }) }).catch(
      () => undefined,
    );
  }
}
