/** What is known of one session: its entry, how far its hosts are, what they have sent, and what readers see of it. */
import type { Coverage, SessionInfo } from '@bpfleet/protocol';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { Display } from './display.ts';
import { isActive } from './host-progress.ts';
import { LifeSigns } from './life-signs.ts';
import type { Progress } from './progress.ts';
import { sessionInfoOf } from './session-info.ts';
import { SessionView } from './session-view.ts';
import { Signal } from './signal.ts';
import { asStored, programDigest, restoredProgress, type StoredSession } from './stored-session.ts';

export interface SessionStateSources {
  readonly store: Pick<Store, 'refusedRows'>;
  readonly unstored: () => Coverage['unstored'];
  readonly log: Logger;
}

export class SessionState {
  readonly id: string;
  readonly view: SessionView;
  readonly display: Display;
  readonly life: LifeSigns = new LifeSigns();
  /** Given once it runs, has failed or is being stopped. */
  readonly armed: Signal = new Signal();
  /** Given once what its maps mean is known, or need not be waited for. */
  readonly readable: Signal = new Signal();
  readonly #sources: SessionStateSources;
  readonly #digest: string;
  #stored: StoredSession;
  #progress: Progress;

  constructor(stored: StoredSession, sources: SessionStateSources) {
    this.id = stored.id;
    this.#sources = sources;
    this.#digest = programDigest(stored.program);
    this.#stored = stored;
    this.#progress = restoredProgress(stored);
    this.view = new SessionView(stored.memo.merge, stored.memo.reference);
    this.display = new Display(this.view, () => this.info());
    if (stored.memo.reference !== undefined) this.readable.give();
  }

  get stored(): StoredSession {
    return this.#stored;
  }

  /** The entry as this coordinator wants it. */
  keep(stored: StoredSession): void {
    this.#stored = stored;
  }

  /** The entry as another coordinator has written it. */
  follow(stored: StoredSession): void {
    this.#stored = stored;
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
    if (progress.state !== this.#progress.state) {
      this.#sources.log.info({ state: progress.state }, 'session changed');
    }
    this.#progress = progress;
    this.display.infoChanged();
    this.view.setLiveHosts(
      [...progress.hosts].filter(([, host]) => isActive(host)).map(([name]) => name),
    );
    if (progress.state !== 'arming') this.armed.give();
  }

  info(): SessionInfo {
    return sessionInfoOf({
      stored: this.#stored,
      progress: this.#progress,
      view: this.view,
      digest: this.#digest,
      refusedRows: this.#sources.store.refusedRows(this.id),
      unstored: this.#sources.unstored(),
    });
  }
}
