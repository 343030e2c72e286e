/**
 * Which other coordinators live, as far as this one can tell. A coordinator writes its entry once a second; what counts
 * is that the entry changes, by the reader's own monotonic clock, so that clocks which disagree do no harm. While the
 * reader itself could not hear, nobody is thought dead.
 */
import type { CoordinatorInfo } from '@bpfleet/protocol';

/** A coordinator whose entry has not changed for this long has lost its sessions. */
export const LEASE_MS = 3_000;
/** More than several ticks: this process was not running, or was busy with one thing only. */
const HELD_UP_MS = 1_000;

interface Peer {
  readonly info: CoordinatorInfo;
  readonly revision: number;
  readonly heardMs: number;
}

export class Peers {
  readonly #peers = new Map<string, Peer>();
  #listeningSinceMs: number | undefined;
  #lastTickMs: number | undefined;

  /** An entry as it stands at `nowMs`, milliseconds of the monotonic clock as all times here. */
  heard(info: CoordinatorInfo, revision: number, nowMs: number): void {
    const known = this.#peers.get(info.id);
    if (known !== undefined && revision <= known.revision) return;
    this.#peers.set(info.id, { info, revision, heardMs: nowMs });
  }

  /** Called a few times a second. */
  tick(nowMs: number, connected: boolean): void {
    const heldUp = nowMs - (this.#lastTickMs ?? -Infinity) > HELD_UP_MS;
    this.#lastTickMs = nowMs;
    if (!connected) this.#listeningSinceMs = undefined;
    else if (heldUp || this.#listeningSinceMs === undefined) this.#listeningSinceMs = nowMs;
  }

  /** It has given up its sessions, or has lost them. */
  hasLapsed(id: string, nowMs: number): boolean {
    const peer = this.#peers.get(id);
    if (peer?.info.released === true) return true;
    if (this.#listeningSinceMs === undefined) return false;
    return nowMs - Math.max(peer?.heardMs ?? -Infinity, this.#listeningSinceMs) > LEASE_MS;
  }

  /** Those that live, by id. */
  living(nowMs: number): readonly CoordinatorInfo[] {
    return [...this.#peers.values()]
      .map(({ info }) => info)
      .filter(({ id }) => !this.hasLapsed(id, nowMs))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
}
