/**
 * One session, from its KV entry: follows its part of the stream, merges, records, and acts on what its progress asks
 * for. All its state can be rebuilt from the KV entry, the stream and the store.
 */
import {
  decodeFrame,
  FrameError,
  parseHostReport,
  subjects,
  type Frame,
  type FrameHeader,
  type HostReport,
  type Schema,
  type SessionInfo,
  type StreamItem,
} from '@bpfleet/protocol';
import type { Logger } from 'pino';
import { correctionOf, errorBetween, inFleetTime } from '../fleet/clock.ts';
import { HOST_LOST_AFTER_MS, type Fleet } from '../fleet/fleet.ts';
import type { Broker, SessionMessage, Subscription } from '../nats/broker.ts';
import type { SessionRecorder } from '../store/recorder.ts';
import type { Store } from '../store/store.ts';
import { coverageOf } from './coverage.ts';
import { EntryWriter } from './entry-writer.ts';
import { isActive } from './host-progress.ts';
import { LifeSigns } from './life-signs.ts';
import { advance, replay, type Progress, type ProgressEvent } from './progress.ts';
import { SessionView } from './session-view.ts';
import { Signal } from './signal.ts';
import {
  encodeStored,
  isLeftOut,
  programDigest,
  restoredProgress,
  type StoredSession,
} from './stored-session.ts';
import { Subscribers, type Deliver } from './subscribers.ts';

const LIVE_EVERY_MS = 1_000;
/** What hosts print waits so long for what others printed earlier: frames, the network, skew within the clock error. */
const ORDER_DELAY_MS = 400;
/** After every time there is. */
const END_OF_TIME = 2n ** 64n;

export interface SessionParts {
  readonly broker: Broker;
  readonly fleet: Fleet;
  readonly store: Store;
  readonly log: Logger;
}

export class Session {
  readonly id: string;
  readonly #parts: SessionParts;
  readonly #log: Logger;
  readonly #digest: string;
  #stored: StoredSession;
  #progress: Progress;
  readonly #view: SessionView;
  readonly #subscribers = new Subscribers();
  #recorder: SessionRecorder | undefined;
  #subscription: Subscription | undefined;
  /** The stream up to here was written before this process began to read it. */
  #replayUpTo = 0;
  #caughtUp = false;
  #malformed = 0;
  #infoChanged = false;
  #mapsChanged = false;
  #lastLiveMs = 0;
  readonly #entry: EntryWriter;
  readonly #life = new LifeSigns(HOST_LOST_AFTER_MS);
  #finished = false;
  readonly #armed = new Signal();
  readonly #over = new Signal();

  constructor(stored: StoredSession, parts: SessionParts) {
    this.id = stored.id;
    this.#parts = parts;
    this.#log = parts.log.child({ session: stored.id });
    this.#digest = programDigest(stored.program);
    this.#stored = stored;
    this.#progress = restoredProgress(stored);
    this.#view = new SessionView(stored.memo.merge, stored.memo.reference);
    this.#entry = new EntryWriter((body) => parts.broker.putSession(stored.id, body), this.#log);
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Resolves once it runs, has failed or is being stopped. */
  get armed(): Promise<void> {
    return this.#armed.given;
  }

  /** Resolves once its result is in the store. */
  get over(): Promise<void> {
    return this.#over.given;
  }

  /** Begins to read the stream; what it holds already is taken first. */
  async start(): Promise<void> {
    const { broker, store } = this.#parts;
    this.#replayUpTo = await broker.lastSequence(this.id);
    this.#caughtUp = this.#replayUpTo === 0;
    // What is new has no rows to be asked for, and need not wait for those that others are writing.
    this.#recorder = this.#caughtUp ? store.newRecorder(this.id) : await store.recorder(this.id);
    this.#subscription = await broker.follow(this.id, (message) => this.#receive(message));
    // It may have ended with the first messages.
    if (this.#finished) void this.#subscription.close();
  }

  /** Resolves when every live host has ended, or has been given up. */
  async stop(): Promise<void> {
    this.#advance({ kind: 'stop' });
    await this.over;
  }

  /** Lets time pass: called a few times a second. */
  tick(nowMs: number): void {
    this.#life.tick(nowMs);
    if (this.#finished || !this.#caughtUp) return;
    this.#noteSilentHosts(nowMs);
    this.#advance({ kind: 'tick' });
    if (this.#finished) return;
    this.#subscribers.print(this.#view.release(this.#releaseBefore(nowMs), nowMs));
    if (this.#infoChanged) {
      this.#infoChanged = false;
      this.#subscribers.send({ kind: 'session', session: this.info() });
    }
    if (this.#mapsChanged && nowMs - this.#lastLiveMs >= LIVE_EVERY_MS) {
      this.#mapsChanged = false;
      this.#lastLiveMs = nowMs;
      if (this.#subscribers.size > 0) this.#subscribers.send(this.#liveItem());
    }
  }

  /** An agent of this host is another process than before; it will answer for what it has not answered yet. */
  hostRestarted(host: string): void {
    const progress = this.#progress.hosts.get(host);
    if (progress === undefined || !isActive(progress)) return;
    this.#advance({ kind: 'host-lost', host, reason: 'its agent restarted', silent: false });
  }

  /** Begins with the state and the maps so far, or with the result if there is one already. */
  subscribe(deliver: Deliver): () => void {
    const state: StreamItem = { kind: 'session', session: this.info() };
    if (this.#finished) {
      deliver([state, this.#resultItem()]);
      return () => undefined;
    }
    deliver([state, this.#liveItem()]);
    return this.#subscribers.add(deliver);
  }

  info(): SessionInfo {
    const { program, sourceName, selector, memo, createdAtMs, who } = this.#stored;
    const { state, hosts, startAtMs, endedAtMs } = this.#progress;
    const coverage = coverageOf({
      hosts,
      summaryOf: (host) => this.#view.summary(host),
      refusedRows: this.#parts.store.refusedRows(this.id),
      clockErrorNs: errorBetween(Object.values(this.#stored.memo.clocks)),
      digest: this.#digest,
      who,
    });
    return {
      id: this.id,
      program,
      sourceName,
      selector,
      merge: memo.merge,
      state,
      createdAtMs,
      ...(startAtMs !== undefined && { startedAtMs: startAtMs }),
      ...(endedAtMs !== undefined && { endedAtMs, exitCode: this.#exitCode() }),
      coverage,
    };
  }

  /** Of the hosts by name, the first code that is not 0. */
  #exitCode(): number {
    const codes = [...this.#progress.hosts.keys()]
      .toSorted()
      .map((host) => this.#view.summary(host)?.end?.exitCode ?? 0);
    return codes.find((code) => code !== 0) ?? 0;
  }

  /** Stops reading without ending the session: another coordinator may go on. */
  async close(): Promise<void> {
    await this.#subscription?.close();
    await this.#entry.close();
  }

  async #receive(message: SessionMessage): Promise<void> {
    if (!this.#finished) await this.#take(message);
    if (!this.#caughtUp && message.streamSequence >= this.#replayUpTo) {
      this.#caughtUp = true;
      // Readers of the earlier coordinator have had it; history has it for all.
      this.#view.release(this.#releaseBefore(Date.now()), Date.now());
      this.#advance({ kind: 'tick' });
    }
  }

  async #take(message: SessionMessage): Promise<void> {
    try {
      if (message.kind === 'report') this.#receiveReport(message);
      else await this.#receiveFrame(message);
    } catch (error) {
      // Whatever a host sends, the messages after it must be read.
      this.#log.error({ err: error, subject: message.subject }, 'take message');
      this.#malformed += 1;
    }
  }

  #receiveReport({ body, subject, storedAtMs }: SessionMessage): void {
    const report = parseHostReport(new TextDecoder().decode(body));
    if (
      report === undefined ||
      report.session !== this.id ||
      subject !== subjects.report(this.id, report.host)
    ) {
      this.#noteMalformed('report', subject);
      return;
    }
    if (isLeftOut(this.#stored, report.host)) return;
    if (report.kind === 'armed') this.#noteArmed(report);
    this.#advance({ kind: 'report', report, storedAtMs });
    if (report.kind === 'armed') this.#leaveOutMismatches();
  }

  /** Those whose maps mean something else than the session's: they must not run, and nothing of them counts. */
  #leaveOutMismatches(): void {
    for (const [host, reason] of this.#view.mismatches()) {
      if (isLeftOut(this.#stored, host)) continue;
      this.#stored = { ...this.#stored, without: { ...this.#stored.without, [host]: reason } };
      if (this.#progress.state !== 'arming') this.#put();
      this.#advance({ kind: 'mismatch', host, reason });
    }
  }

  #noteArmed(report: HostReport & { readonly kind: 'armed' }): void {
    const { host, schemaHash, schema } = report;
    this.#view.arm(host, schemaHash, schema);
    const clock = this.#parts.fleet.clock(host);
    if (clock === undefined || this.#stored.memo.clocks[host] !== undefined) return;
    // Kept for the session's life: times of one host must not be moved against each other by better estimates.
    const clocks = { ...this.#stored.memo.clocks, [host]: correctionOf(clock) };
    this.#stored = { ...this.#stored, memo: { ...this.#stored.memo, clocks } };
    if (this.#progress.state !== 'arming') this.#put();
  }

  async #receiveFrame({ body, subject, streamSequence }: SessionMessage): Promise<void> {
    const decoded = decodeFrame(body);
    if (
      decoded instanceof FrameError ||
      decoded.header.session !== this.id ||
      subject !== subjects.data(this.id, decoded.header.host)
    ) {
      this.#noteMalformed('frame', subject);
      return;
    }
    const { header, frame } = decoded;
    const schema = this.#view.schemaOf(header);
    if (isLeftOut(this.#stored, header.host)) return;
    if (schema === undefined || !this.#progress.hosts.has(header.host)) {
      this.#noteMalformed('frame', subject);
      return;
    }
    this.#life.heard(header.host, Date.now());
    if (!this.#view.admits(header)) return;
    await this.#takeFrame(
      inFleetTime(header, this.#stored.memo.clocks[header.host]),
      frame,
      schema,
      streamSequence,
    );
  }

  async #takeFrame(
    header: FrameHeader,
    frame: Frame,
    schema: Schema,
    streamSequence: number,
  ): Promise<void> {
    this.#view.apply(header, frame);
    this.#mapsChanged ||= frame.kind === 'map';
    this.#infoChanged ||= frame.kind === 'losses' || frame.kind === 'cost';
    await this.#recorder?.record({ header, frame, schema, streamSequence });
    this.#advance({
      kind: 'frame',
      host: header.host,
      ...(frame.kind === 'end' && { end: frame }),
    });
  }

  #releaseBefore(nowMs: number): bigint {
    if (this.#progress.hosts.size === 1) return END_OF_TIME;
    return BigInt(nowMs - ORDER_DELAY_MS) * 1_000_000n;
  }

  #advance(event: ProgressEvent): void {
    const before = this.#progress;
    const nowMs = Date.now();
    this.#progress = this.#caughtUp ? advance(before, event, nowMs) : replay(before, event, nowMs);
    if (this.#progress === before) return;
    this.#infoChanged = true;
    this.#view.setLiveHosts(
      [...this.#progress.hosts].filter(([, host]) => isActive(host)).map(([name]) => name),
    );
    if (this.#progress.state !== before.state) this.#enter(this.#progress);
  }

  #enter(progress: Progress): void {
    this.#log.info({ state: progress.state }, 'session changed');
    if (progress.state !== 'arming') this.#armed.give();
    switch (progress.state) {
      case 'arming':
        return;
      case 'running':
        this.#stored = {
          ...this.#stored,
          state: 'run',
          memo: { ...this.#stored.memo, reference: this.#view.chooseReference() ?? '' },
          ...(progress.startAtMs !== undefined && { startAtMs: progress.startAtMs }),
        };
        this.#leaveOutMismatches();
        this.#put();
        void this.#parts.store.putSession(this.info(), this.#view.schemas);
        return;
      case 'stopping':
        this.#stored = {
          ...this.#stored,
          state: 'stop',
          memo: {
            ...this.#stored.memo,
            ...(progress.stopAtMs !== undefined && { stopAtMs: progress.stopAtMs }),
          },
        };
        this.#put();
        return;
      case 'ended':
      case 'failed':
        this.#finish(progress);
    }
  }

  /** The store has everything before the KV entry says that it is over. */
  #finish(progress: Progress): void {
    this.#finished = true;
    this.#subscribers.print(this.#view.flush());
    void this.#subscription?.close();
    const ending = async (): Promise<void> => {
      await this.#parts.store.putSession(this.info(), this.#view.schemas);
      await this.#parts.store.flush();
      const { memo } = this.#stored;
      const endedAtMs = progress.endedAtMs ?? Date.now();
      this.#stored = { ...this.#stored, state: 'stop', memo: { ...memo, endedAtMs } };
      this.#put();
    };
    void ending()
      .catch((error: unknown) => this.#log.error({ err: error }, 'finish session'))
      .finally(() => {
        this.#subscribers.send(this.#resultItem());
        this.#over.give();
      });
  }

  #put(): void {
    this.#entry.put(encodeStored(this.#stored));
  }

  /** Hosts whose agents have been silent too long, while this coordinator could have heard them. */
  #noteSilentHosts(nowMs: number): void {
    const since = this.#parts.broker.connectedSinceMs();
    if (since === undefined) return;
    for (const [host, { state }] of this.#progress.hosts) {
      if (state !== 'selected' && state !== 'armed' && state !== 'attached') continue;
      const heartbeatMs = Math.max(this.#parts.fleet.lastSeenMs(host) ?? 0, since);
      if (!this.#life.isSilent(host, heartbeatMs, nowMs)) continue;
      const reason = `no sign of life for ${HOST_LOST_AFTER_MS / 1000} s`;
      const awayUntilMs = nowMs + this.#parts.fleet.leaseMs(host);
      this.#advance({ kind: 'host-lost', host, reason, silent: true, awayUntilMs });
    }
  }

  #liveItem(): StreamItem {
    return { kind: 'live', maps: this.#view.maps(), session: this.info() };
  }

  #resultItem(): StreamItem {
    return { kind: 'result', maps: this.#view.maps(), session: this.info() };
  }

  #noteMalformed(what: string, subject: string): void {
    this.#malformed += 1;
    // The first few say what is wrong; a flood must not fill the log.
    if (this.#malformed <= 10) this.#log.warn({ subject }, `refused a malformed ${what}`);
  }
}
