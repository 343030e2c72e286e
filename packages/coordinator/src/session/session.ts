/**
 * One session, from its KV entry: follows its part of the stream and merges it. The coordinator that owns it decides
 * what its progress asks for, and records it; any other one looks on, ready to take it over. All its state can be
 * rebuilt from the KV entry, the stream and the store.
 */
import type { HostReport, SessionInfo } from '@bpfleet/protocol';
import type { Logger } from 'pino';
import { keptClock } from '../fleet/clock.ts';
import type { SessionMessage } from '../nats/session-message.ts';
import { steadyMs } from '../steady-time.ts';
import { askToStop } from './ask-to-stop.ts';
import { concluded, conclusionOf } from './conclusion.ts';
import { isActive } from './host-progress.ts';
import { Intake } from './intake.ts';
import { silentHosts } from './silent-hosts.ts';
import { Ownership } from './ownership.ts';
import { advance, replay, type Progress, type ProgressEvent } from './progress.ts';
import type { SessionParts } from './session-parts.ts';
import { SessionState } from './session-state.ts';
import { Signal } from './signal.ts';
import {
  decodeStored,
  encodeStored,
  isLeftOut,
  requestOf,
  type StoredSession,
  withMemo,
  withoutHost,
  withProgress,
} from './stored-session.ts';
import { StreamReader } from './stream-reader.ts';
import type { Deliver } from './subscribers.ts';

/** The result is shown when it is stored, or after so long with what the store has not yet. */
const STORE_PATIENCE_MS = 5_000;

export class Session {
  readonly id: string;
  readonly #parts: SessionParts;
  readonly #log: Logger;
  readonly #state: SessionState;
  /** By this process, whose clock is the session's then. */
  readonly #isBegunHere: boolean;
  /** Of the entry as it was read or written last. */
  #revision: number;
  /** What this coordinator does as the owner; undefined while another one is. */
  #owned: Ownership | undefined;
  readonly #reader: StreamReader;
  readonly #intake: Intake;
  #caughtUp = false;
  /** The view has been caught up once, and readers have what it released. */
  #shown = false;
  #finishedAtMs: number | undefined;
  readonly #over = new Signal();
  readonly #closed = new Signal();

  /** @param revision of the entry that `stored` is; 0 where none has been written yet */
  constructor(stored: StoredSession, revision: number, parts: SessionParts) {
    this.id = stored.id;
    this.#parts = parts;
    this.#log = parts.log.child({ session: stored.id });
    this.#revision = revision;
    this.#isBegunHere = revision === 0;
    this.#state = new SessionState(stored, {
      store: parts.store,
      fleet: parts.fleet,
      unstored: () => this.#owned?.unstored,
      log: this.#log,
    });
    this.#intake = new Intake({
      state: this.#state,
      owned: () => this.#owned,
      onReport: (report, storedAtMs) => this.#noteReport(report, storedAtMs),
      advance: (event) => this.#advance(event),
      log: this.#log,
    });
    this.#reader = new StreamReader({
      broker: parts.broker,
      session: this.id,
      prepare: async (isNew) => {
        await this.#owned?.prepare(isNew);
        if (isNew) this.#catchUp();
      },
      receive: async (message) => this.#receive(message),
      log: this.#log,
    });
    if (stored.memo.owner === parts.lease.id) this.#owned = this.#own();
  }

  get progress(): Progress {
    return this.#state.progress;
  }

  /** The coordinator that acts for it. */
  get owner(): string | undefined {
    return this.#state.stored.memo.owner;
  }

  /** When this coordinator came to know the end, by this process's time. */
  get finishedAtMs(): number | undefined {
    return this.#finishedAtMs;
  }

  get isOwned(): boolean {
    return this.#owned !== undefined;
  }

  /** Its result is in the store, so that nothing else is needed of it. */
  get isStored(): boolean {
    return this.#state.stored.memo.conclusion !== undefined;
  }

  get revision(): number {
    return Math.max(this.#revision, this.#owned?.entry.revision ?? 0);
  }

  /** Resolves once it runs, has failed or is being stopped. */
  get armed(): Promise<void> {
    return this.#state.armed.given;
  }

  /** Resolves once its result is in the store of its owner. */
  get over(): Promise<void> {
    return this.#over.given;
  }

  /** Begins to read the stream; what it holds already is taken first. */
  async start(): Promise<void> {
    await this.#reader.open();
  }

  /** Writes the entry for the first time: now hosts see it. */
  async publish(): Promise<void> {
    const text = encodeStored(this.#state.stored);
    this.#owned?.entry.note(await this.#parts.entries.write(this.id, text, 0));
  }

  /** The entry is known to be this, at this revision. */
  entryChanged(stored: StoredSession, revision: number): void {
    if (revision <= this.revision) return;
    this.#revision = revision;
    const isMine = stored.memo.owner === this.#parts.lease.id;
    if (this.#owned !== undefined && isMine) {
      this.#owned.entry.note(revision);
      if (stored.memo.stopAsked === true) this.#advance({ kind: 'stop' });
      return;
    }
    if (this.#owned !== undefined) this.#stepDown(stored);
    this.#state.follow(stored);
    if (isMine && this.#finishedAtMs === undefined) this.#takeOver();
    else this.#concludeIfDue();
  }

  /** Resolves when every live host has ended, or has been given up. */
  async stop(): Promise<void> {
    await this.#untilCertain();
    if (this.#owned !== undefined) this.#advance({ kind: 'stop' });
    else await askToStop(this.#parts.entries, this.id, this.#over);
    await this.over;
  }

  /** Lets time pass: called a few times a second. */
  tick(nowMs: number): void {
    const { life, clock, stored } = this.#state;
    life.tick(nowMs);
    this.#state.display.noteCutOff(!this.#parts.lease.holds(), performance.now());
    if (this.#finishedAtMs !== undefined || !this.#caughtUp) return;
    if (this.#parts.broker.connectedSinceMs() === undefined)
      this.#state.become(replay(this.#state.progress, { kind: 'cut-off' }, clock.nowMs()));
    if (!this.#isCertain()) return;
    if (!this.#isBegunHere) clock.look(stored.memo.clocks, this.#parts.fleet, performance.now());
    this.#noteSilentHosts(nowMs);
    this.#advance({ kind: 'tick' });
    if (this.#finishedAtMs !== undefined) return;
    this.#state.noteLiveHosts();
    this.#state.display.tick(
      clock.nowMs(),
      this.#state.progress.hosts.size,
      this.#owned?.unstored !== undefined,
    );
  }

  /** An agent of this host is another process than before; it will answer for what it has not answered yet. */
  hostRestarted(host: string): void {
    const progress = this.#state.progress.hosts.get(host);
    if (progress === undefined || !isActive(progress)) return;
    this.#advance({ kind: 'host-lost', host, reason: 'its agent restarted', silent: false });
  }

  /** Begins with the state and the maps so far, or with the result if there is one already. */
  subscribe(deliver: Deliver, sinceNs?: bigint): () => void {
    return this.#state.display.subscribe(deliver, sinceNs);
  }

  info(): SessionInfo {
    return this.#state.info();
  }

  /** Stops reading without ending the session: another coordinator may go on. */
  async close(): Promise<void> {
    this.#closed.give();
    this.#parts.live.forget(this.id);
    this.#state.readable.give();
    await this.#reader.close();
    await this.#owned?.close();
  }

  #own(): Ownership {
    const { broker, entries } = this.#parts;
    return new Ownership(this.id, this.#parts.store, {
      write: async (text, revision) => entries.write(this.id, text, revision),
      look: async () => this.#look(),
      follow: async (receive, from) => broker.follow(this.id, receive, from),
      read: (message) => this.#intake.read(message),
      lastSequence: async () => broker.lastSequence(this.id),
      live: this.#parts.live,
      revision: this.#revision,
      request: requestOf(this.#state.stored),
      log: this.#log,
    });
  }

  /** Somebody else has written the entry; the revision to replace, where this coordinator still owns it. */
  async #look(): Promise<number | undefined> {
    const entry = await this.#parts.entries.read(this.id);
    const stored = entry === undefined ? undefined : decodeStored(entry);
    if (entry === undefined || stored === undefined) return undefined;
    this.entryChanged(stored, entry.revision);
    return this.#owned === undefined ? undefined : entry.revision;
  }

  #stepDown({ memo, state }: StoredSession): void {
    this.#log.warn({ owner: memo.owner }, 'another coordinator has taken the session');
    void this.#owned?.close();
    this.#owned = undefined;
    // Whoever asked this coordinator to stop it still waits for that.
    if (this.#state.progress.state === 'stopping' && state !== 'stop') {
      void askToStop(this.#parts.entries, this.id, this.#over);
    }
  }

  /** Goes on as the owner: reads the stream once more, for the store has none of it yet. */
  #takeOver(): void {
    this.#log.info('took the session over');
    this.#owned = this.#own();
    this.#intake.recordFromBeginning();
    this.#state.readable.give();
    this.#caughtUp = false;
    this.#reader.reopen();
  }

  /** Nobody else can have become the owner meanwhile. */
  #isCertain(): boolean {
    return this.#owned === undefined || this.#parts.lease.holds();
  }

  async #untilCertain(): Promise<void> {
    if (this.#isCertain()) return;
    await Promise.race([this.#parts.lease.held(), this.#closed.given]);
  }

  async #receive(message: SessionMessage): Promise<void> {
    await this.#untilCertain();
    if (message.kind === 'data' && this.#owned === undefined) await this.#state.readable.given;
    if (this.#closed.isGiven) return;
    if (this.#finishedAtMs === undefined) {
      this.#parts.live.note(this.id, message.following);
      await this.#intake.take(message);
    }
    if (!this.#caughtUp && this.#reader.isLastOfOld(message.streamSequence)) this.#catchUp();
    this.#concludeIfDue();
  }

  /** Everything that was there before has been taken: from now on conclusions can be drawn. */
  #catchUp(): void {
    this.#caughtUp = true;
    if (!this.#shown)
      this.#state.display.skip(this.#state.clock.nowMs(), this.#state.progress.hosts.size);
    this.#shown = true;
    if (this.#owned === undefined) return;
    this.#advance({ kind: this.#state.stored.memo.stopAsked === true ? 'stop' : 'tick' });
  }

  #noteReport(report: HostReport, storedAtMs: number): void {
    if (report.kind === 'armed') this.#noteArmed(report);
    if (report.kind === 'lost') this.#state.view.leave(report.host, report.left);
    this.#advance({ kind: 'report', report, storedAtMs });
    if (report.kind === 'armed') this.#leaveOutMismatches();
  }

  /** Those whose maps mean something else than the session's: they must not run, and nothing of them counts. */
  #leaveOutMismatches(): void {
    if (this.#owned === undefined) return;
    for (const [host, reason] of this.#state.view.mismatches()) {
      if (isLeftOut(this.#state.stored, host)) continue;
      this.#state.keep(withoutHost(this.#state.stored, host, reason));
      if (this.#state.progress.state !== 'arming') this.#put();
      this.#advance({ kind: 'mismatch', host, reason });
    }
  }

  #noteArmed(report: HostReport & { readonly kind: 'armed' }): void {
    const { host, schemaHash, schema } = report;
    this.#state.view.arm(host, schemaHash, schema);
    const clock = this.#state.clock.estimate(host, this.#parts.fleet);
    if (this.#owned === undefined || clock === undefined) return;
    const before = this.#state.clockOf(host);
    const kept = keptClock(before, clock);
    if (kept === before) return;
    this.#state.noteClock(host, kept);
    if (this.#state.progress.state !== 'arming') this.#put();
  }

  /** Only the owner draws conclusions, once it has taken everything there was. */
  #advance(event: ProgressEvent): void {
    const { state } = this.#state.progress;
    const draw = this.#owned !== undefined && this.#caughtUp ? advance : replay;
    this.#state.become(draw(this.#state.progress, event, this.#state.clock.nowMs()));
    if (this.#owned !== undefined && this.#state.progress.state !== state) this.#act(this.#owned);
  }

  #act(owned: Ownership): void {
    this.#state.keep(withProgress(this.#state.stored, this.#state.progress));
    switch (this.#state.progress.state) {
      case 'arming':
        return;
      case 'running':
        this.#state.keep(
          withMemo(this.#state.stored, { reference: this.#state.view.chooseReference() ?? '' }),
        );
        this.#leaveOutMismatches();
        this.#put();
        void owned.note(this.#state.record());
        return;
      case 'stopping':
        this.#put();
        return;
      case 'ended':
      case 'failed':
        this.#finish(owned);
    }
  }

  /** The store has everything before the KV entry says that it is over; readers do not wait for a store that is away. */
  #finish(owned: Ownership): void {
    this.#finishedAtMs = steadyMs();
    this.#state.display.flush();
    this.#readNoMore();
    const ending = async (): Promise<void> => {
      await owned.store(() => this.#state.record());
      const refusedRows = this.#parts.store.refusedRows(this.id);
      const conclusion = conclusionOf(this.#state.progress, this.#intake.takenUpTo, refusedRows);
      this.#state.keep(withMemo(this.#state.stored, { conclusion }));
      this.#put();
    };
    const ended = ending().catch((error: unknown) =>
      this.#log.error({ err: error }, 'finish session'),
    );
    void Promise.race([ended, elapsed(STORE_PATIENCE_MS)]).then(() => this.#showResult());
  }

  /** Another coordinator has ended it, and everything that counts has been taken. */
  #concludeIfDue(): void {
    const { conclusion } = this.#state.stored.memo;
    if (this.#owned !== undefined || this.#finishedAtMs !== undefined || conclusion === undefined)
      return;
    this.#state.readable.give();
    if (this.#intake.takenUpTo < conclusion.lastSequence) return;
    this.#finishedAtMs = steadyMs();
    this.#state.become(concluded(this.#state.progress, conclusion));
    this.#state.display.flush();
    this.#readNoMore();
    this.#showResult();
  }

  #readNoMore(): void {
    this.#reader.end();
    this.#parts.live.forget(this.id);
  }

  #showResult(): void {
    this.#state.display.finish();
    this.#over.give();
  }

  #put(): void {
    this.#owned?.entry.put(encodeStored(this.#state.entry));
  }

  #noteSilentHosts(nowMs: number): void {
    const { broker, fleet } = this.#parts;
    const since = broker.connectedSinceMs();
    if (since === undefined) return;
    for (const loss of silentHosts(this.#state, fleet, since, nowMs)) this.#advance(loss);
  }
}

async function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
