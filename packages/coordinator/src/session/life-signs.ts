/**
 * Which hosts of a session have fallen silent. Frames are signs of life as heartbeats are, and while this coordinator
 * itself was held up, or the broker away, nobody could have been heard.
 */
import { HOST_LOST_AFTER_MS } from '../fleet/fleet.ts';

/** More than several ticks: this process was not running, or was busy with one thing only. */
const HELD_UP_MS = 1_000;

export class LifeSigns {
  readonly #silenceMs: number;
  readonly #heardMs = new Map<string, number>();
  #listeningSinceMs = 0;
  #lastTickMs: number | undefined;

  /** @param silenceMs how long a host may be silent */
  constructor(silenceMs: number = HOST_LOST_AFTER_MS) {
    this.#silenceMs = silenceMs;
  }

  /** A message of this host has come. */
  heard(host: string, nowMs: number): void {
    this.#heardMs.set(host, nowMs);
  }

  /** Called a few times a second. */
  tick(nowMs: number): void {
    if (nowMs - (this.#lastTickMs ?? 0) > HELD_UP_MS) this.#listeningSinceMs = nowMs;
    this.#lastTickMs = nowMs;
  }

  /** @param heartbeatMs time of the host's last heartbeat, or since when the broker has been there if that is later */
  isSilent(host: string, heartbeatMs: number, nowMs: number): boolean {
    const heardMs = Math.max(heartbeatMs, this.#heardMs.get(host) ?? 0, this.#listeningSinceMs);
    return nowMs - heardMs > this.#silenceMs;
  }
}
