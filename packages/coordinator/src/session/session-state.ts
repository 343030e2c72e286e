/** What is known of one session: its entry, how far its hosts are, what they have sent, and what readers see of it. */
import { Correlator, FrameCorrelation, type Coverage, type SessionInfo } from '@bpfleet/protocol';
import type { Logger } from 'pino';
import { correlationOf, type WrittenCorrelation } from '../correlation/requested.ts';
import type { KeptClock } from '../fleet/clock.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { SessionRecord } from '../store/session-rows.ts';
import type { Store } from '../store/store.ts';
import { Display } from './display.ts';
import { isActive } from './host-progress.ts';
import { LifeSigns } from './life-signs.ts';
import type { Progress } from './progress.ts';
import { sessionInfoOf } from './session-info.ts';
import { SessionClock } from './session-clock.ts';
import { SessionView } from './session-view.ts';
import { Signal } from './signal.ts';
import {
  asStored,
  programDigest,
  restoredProgress,
  withMemo,
  type StoredSession,
} from './stored-session.ts';

export interface SessionStateSources {
  readonly store: Pick<Store, 'refusedRows'>;
  readonly fleet: Pick<Fleet, 'refusal' | 'machine'>;
  readonly unstored: () => Coverage['unstored'];
  readonly log: Logger;
}

export class SessionState {
  readonly id: string;
  readonly view: SessionView;
  readonly display: Display;
  readonly clock: SessionClock = new SessionClock();
  readonly life: LifeSigns = new LifeSigns();
  /** Given once it runs, has failed or is being stopped. */
  readonly armed: Signal = new Signal();
  /** Given once what its maps mean is known, or need not be waited for. */
  readonly readable: Signal = new Signal();
  readonly #sources: SessionStateSources;
  readonly #digest: string;
  #stored: StoredSession;
  readonly #newClocks = new Map<string, KeptClock>();
  #progress: Progress;
  /** Since the view has been told which hosts are live. */
  #liveChanged = true;

  constructor(stored: StoredSession, sources: SessionStateSources) {
    this.id = stored.id;
    this.#sources = sources;
    this.#digest = programDigest(stored.program);
    this.#stored = stored;
    this.#progress = restoredProgress(stored);
    this.view = new SessionView(
      stored.memo.merge,
      stored.memo.reference,
      this.#correlating(stored.memo),
    );
    this.display = new Display(this.view, () => this.info());
    if (stored.memo.reference !== undefined) this.readable.give();
  }

  /** Undefined where nothing is to be correlated. */
  #correlating(written: WrittenCorrelation): (() => FrameCorrelation) | undefined {
    const correlation = correlationOf(written);
    if (correlation === undefined) return undefined;
    const errorOf = (host: string): number => Math.round(this.clockOf(host)?.errorNs ?? 0);
    return () => new FrameCorrelation(new Correlator(correlation), errorOf);
  }

  get stored(): StoredSession {
    return this.#stored;
  }

  /** `stored` with the clocks of hosts that have armed since: they arm by the hundred, and go in together. */
  get entry(): StoredSession {
    if (this.#newClocks.size === 0) return this.#stored;
    const clocks = { ...this.#stored.memo.clocks, ...Object.fromEntries(this.#newClocks) };
    this.#newClocks.clear();
    this.#stored = withMemo(this.#stored, { clocks });
    return this.#stored;
  }

  /** The entry as this coordinator wants it. */
  keep(stored: StoredSession): void {
    this.#stored = stored;
  }

  /** The entry as another coordinator has written it. */
  follow(stored: StoredSession): void {
    this.#stored = stored;
    this.#newClocks.clear();
    if (stored.memo.reference !== undefined) {
      this.view.setReference(stored.memo.reference);
      this.readable.give();
    }
    this.become(asStored(this.#progress, stored));
  }

  get progress(): Progress {
    return this.#progress;
  }

  become(progress: Progress): void {
    if (progress === this.#progress) return;
    const entered = progress.state !== this.#progress.state;
    if (entered) this.#sources.log.info({ state: progress.state }, 'session changed');
    this.#progress = progress;
    this.display.infoChanged();
    this.#liveChanged = true;
    if (entered) this.noteLiveHosts();
    if (progress.state !== 'arming') this.armed.give();
  }

  /** Hosts change by the hundred at a time, and going through all of them for each would take long. */
  noteLiveHosts(): void {
    if (!this.#liveChanged) return;
    this.#liveChanged = false;
    const live = [...this.#progress.hosts].filter(([, host]) => isActive(host));
    this.view.setHosts(
      live.map(([name]) => name),
      this.progress.hosts.size,
    );
  }

  /** What brings a host's times into fleet time. */
  clockOf(host: string): KeptClock | undefined {
    return this.#newClocks.get(host) ?? this.#stored.memo.clocks[host];
  }

  noteClock(host: string, clock: KeptClock): void {
    this.#newClocks.set(host, clock);
  }

  /** What the store is to know. */
  record(): SessionRecord {
    const { fleet } = this.#sources;
    return {
      info: this.info(),
      schemas: this.view.schemas,
      factsOf: (host) => {
        const { kernel, arch } = fleet.machine(host) ?? { kernel: '', arch: '' };
        const { offsetNs, errorNs } = this.clockOf(host) ?? { offsetNs: 0, errorNs: 0 };
        return { kernel, arch, clockOffsetNs: offsetNs, clockErrorNs: errorNs };
      },
    };
  }

  info(): SessionInfo {
    return sessionInfoOf({
      stored: this.entry,
      progress: this.#progress,
      view: this.view,
      digest: this.#digest,
      refusedRows: this.#sources.store.refusedRows(this.id),
      unstored: this.#sources.unstored(),
      heldUpBy: (host) => this.#sources.fleet.refusal(host, this.id),
    });
  }
}
