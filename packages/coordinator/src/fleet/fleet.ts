/** Which hosts there are, from their heartbeats: live, or lost after five seconds of silence. */
import type { Heartbeat, HostInfo, Selector } from '@bpfleet/protocol';
import { selects } from '@bpfleet/protocol';
import { HostClock, type ClockEstimate } from './clock.ts';

/** Silence after which a host counts as lost. */
export const HOST_LOST_AFTER_MS = 5_000;
/** Lost hosts are listed this long. */
const FORGET_AFTER_MS = 24 * 3_600_000;
/** Bounds what hostile heartbeats can make the coordinator remember. */
const MAX_HOSTS = 100_000;
const MAX_NAME = 255;

interface Member {
  heartbeat: Heartbeat;
  lastSeenMs: number;
  clock: HostClock;
}

/** `restarted`: the agent is another process than before, so every runner it had is gone. */
export type HeartbeatEffect = 'known' | 'joined' | 'returned' | 'restarted' | 'refused';

export class Fleet {
  readonly #members = new Map<string, Member>();
  #roundTripNs = 0;

  /** @param receivedAtNs by this process's time, as all times here */
  heartbeat(heartbeat: Heartbeat, receivedAtNs: bigint): HeartbeatEffect {
    const nowMs = Number(receivedAtNs / 1_000_000n);
    const member = this.#members.get(heartbeat.host);
    if (member === undefined) {
      if (this.#members.size >= MAX_HOSTS || heartbeat.host.length > MAX_NAME) return 'refused';
      const clock = new HostClock();
      sampleClock(clock, heartbeat, receivedAtNs);
      this.#members.set(heartbeat.host, { heartbeat, lastSeenMs: nowMs, clock });
      return 'joined';
    }
    const restarted = member.heartbeat.startedAtMs !== heartbeat.startedAtMs;
    const silent = nowMs - member.lastSeenMs > HOST_LOST_AFTER_MS;
    member.heartbeat = heartbeat;
    member.lastSeenMs = nowMs;
    if (restarted) member.clock = new HostClock();
    sampleClock(member.clock, heartbeat, receivedAtNs);
    if (restarted) return 'restarted';
    return silent ? 'returned' : 'known';
  }

  setRoundTripMs(roundTripMs: number): void {
    this.#roundTripNs = roundTripMs * 1e6;
  }

  /** Of a host's last heartbeat. */
  lastSeenMs(host: string): number | undefined {
    return this.#members.get(host)?.lastSeenMs;
  }

  /** How long its agent holds probes without hearing a coordinator, milliseconds. */
  leaseMs(host: string): number {
    return this.#members.get(host)?.heartbeat.leaseMs ?? 0;
  }

  /** Why NATS does not take a session's frames from the host at the moment, as its agent says. */
  refusal(host: string, session: string): string | undefined {
    const { refusals = {} } = this.#members.get(host)?.heartbeat ?? {};
    return Object.hasOwn(refusals, session) ? refusals[session] : undefined;
  }

  /** What its agent says of the machine; undefined for one not heard of for long. */
  machine(host: string): Pick<Heartbeat, 'kernel' | 'arch'> | undefined {
    return this.#members.get(host)?.heartbeat;
  }

  clock(host: string): ClockEstimate | undefined {
    return this.#members.get(host)?.clock.estimate(this.#roundTripNs);
  }

  isLive(host: string, nowMs: number): boolean {
    const member = this.#members.get(host);
    return member !== undefined && nowMs - member.lastSeenMs <= HOST_LOST_AFTER_MS;
  }

  /** Names of the live hosts that a selector means, sorted. */
  select(selector: Selector, nowMs: number): readonly string[] {
    return [...this.#members.values()]
      .filter(({ heartbeat }) => selects(selector, heartbeat.host, heartbeat.labels))
      .map(({ heartbeat }) => heartbeat.host)
      .filter((host) => this.isLive(host, nowMs))
      .toSorted();
  }

  /**
   * Every known host, sorted by name.
   *
   * @param setByMs what Unix time is more than this process's time: the answer is in Unix time
   */
  hosts(nowMs: number, setByMs = 0): readonly HostInfo[] {
    for (const [host, member] of this.#members) {
      if (nowMs - member.lastSeenMs > FORGET_AFTER_MS) this.#members.delete(host);
    }
    return [...this.#members.values()]
      .map(({ heartbeat, lastSeenMs, clock }): HostInfo => {
        const estimate = clock.estimate(this.#roundTripNs);
        return {
          host: heartbeat.host,
          labels: heartbeat.labels,
          kernel: heartbeat.kernel,
          arch: heartbeat.arch,
          features: heartbeat.features,
          agentVersion: heartbeat.agentVersion,
          state: this.isLive(heartbeat.host, nowMs) ? 'live' : 'lost',
          lastSeenMs: lastSeenMs + setByMs,
          clockOffsetNs: (estimate?.offsetNs ?? 0) + setByMs * 1e6,
          clockErrorNs: estimate?.errorNs ?? 0,
          sessions: heartbeat.sessions,
          ...(heartbeat.policy === undefined ? {} : { policy: heartbeat.policy }),
        };
      })
      .toSorted((a, b) => (a.host < b.host ? -1 : 1));
  }
}

function sampleClock(clock: HostClock, heartbeat: Heartbeat, receivedAtNs: bigint): void {
  const { sentAtNs, bootToUnixNs } = heartbeat;
  const ahead = bootToUnixNs === undefined ? undefined : BigInt(bootToUnixNs);
  clock.sample(BigInt(sentAtNs), receivedAtNs, ahead);
}
