/**
 * The sessions of the fleet: those that this coordinator owns, having started them or taken them over, and those that
 * it follows while others own them.
 */
import { correlationFault, type WrittenCorrelation } from '../correlation/requested.ts';
import { randomBytes } from 'node:crypto';
import {
  hostsNeeded,
  parseCoordinatorInfo,
  type ApiError,
  type CheckRequest,
  type CheckResult,
  type DesiredSession,
  type Heartbeat,
  type ProgramRejected,
  type RunRequest,
  type SessionInfo,
} from '@bpfleet/protocol';
import { loadProgram, renderDiagnostics, Source } from '@bpfleet/lang';
import { EntryChangedError } from '../nats/entry-bucket.ts';
import type { PagedChange, PagedEntry, PagedText } from '../nats/paged-bucket.ts';
import type { Peers } from '../peers/peers.ts';
import { clockSetByMs, steadyMs } from '../steady-time.ts';
import { checkProgram } from './check-program.ts';
import { faultsOf, noHostArmed, programRejected, tooFewArmed, tooManyHosts } from './faults.ts';
import { Leftovers } from './leftovers.ts';
import { isOver, MAX_HOSTS } from './progress.ts';
import type { SessionParts } from './session-parts.ts';
import { Session } from './session.ts';
import {
  absentHosts,
  decodeCheck,
  decodeStored,
  encodeStored,
  withMemo,
  type StoredSession,
} from './stored-session.ts';

const DEFAULT_ARM_TIMEOUT_MS = 15_000;
/** A finished session can be asked for its result this long; after that history has it. */
const KEEP_FINISHED_MS = 10 * 60_000;
/** Longer than any question is allowed to wait for its hosts. */
const KEEP_OWN_CHECK_MS = 15 * 60_000;
const TICK_MS = 100;

export type NotStarted =
  | { readonly kind: 'no-hosts' | 'too-many-hosts'; readonly error: ApiError }
  | { readonly kind: 'rejected'; readonly error: ProgramRejected };

export type CheckOutcome = NotStarted | { readonly kind: 'checked'; readonly result: CheckResult };

export type RunOutcome =
  | NotStarted
  | { readonly kind: 'started'; readonly session: SessionInfo }
  | { readonly kind: 'failed'; readonly error: ApiError };

export interface RegistryParts extends SessionParts {
  readonly peers: Peers;
}

export class SessionRegistry {
  readonly #parts: RegistryParts;
  readonly #sessions = new Map<string, Session>();
  readonly #leftovers = new Leftovers();
  /** Being taken over. */
  readonly #claiming = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /** Takes up the sessions there are, follows the bucket, and lets time pass from now on. */
  async start(): Promise<void> {
    const { entries } = this.#parts;
    for (const entry of await entries.list()) {
      const stored = this.#read(entry.id, entry, entry.revision);
      if (stored !== undefined) await this.#open(stored, entry.revision);
    }
    await entries.watch((change) => this.#noteChange(change));
    this.#timer = setInterval(() => this.#tick(steadyMs()), TICK_MS);
  }

  /** Looks which of its sessions this coordinator still owns, having been away for a while. */
  async lookAgain(): Promise<void> {
    const owned = [...this.#sessions.values()].filter(({ isOwned }) => isOwned);
    await Promise.all(
      owned.map(async ({ id }) => {
        const entry = await this.#parts.entries.read(id);
        if (entry !== undefined) this.#noteEntry(entry);
      }),
    );
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** True also for a session that is not known here: nobody else can have learned of it yet, or it is long over. */
  owns(id: string): boolean {
    return this.#sessions.get(id)?.isOwned ?? true;
  }

  /** Oldest first. */
  running(): readonly SessionInfo[] {
    return [...this.#sessions.values()]
      .filter(({ progress }) => !isOver(progress))
      .map((session) => session.info())
      .toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /**
   * Resolves once the hosts are armed and a moment for the start is agreed, or nothing can start. A request that was
   * made before, here or of another coordinator, is answered for the session that it made.
   */
  async run(request: RunRequest): Promise<RunOutcome> {
    const known = this.#sessions.get(request.id ?? '');
    if (known !== undefined) return outcomeOf(known, request);
    const selected = this.#select(request, request);
    if (selected.kind !== 'hosts') return selected;
    const stored = storedSession(request, selected.hosts, this.#parts.lease.id);
    return outcomeOf(await this.#make(stored), request);
  }

  async #make(stored: StoredSession): Promise<Session> {
    const session = await this.#open(stored, 0);
    try {
      await session.publish();
      return session;
    } catch (error) {
      this.#drop(session);
      const entry = await this.#parts.entries.read(stored.id);
      if (entry === undefined) throw error;
      this.#noteEntry(entry);
      return this.#sessions.get(stored.id) ?? session;
    }
  }

  /** Resolves once the hosts have compiled and loaded the program, and unloaded it again. */
  async check(request: CheckRequest): Promise<CheckOutcome> {
    const selected = this.#select(request);
    if (selected.kind !== 'hosts') return selected;
    const timeoutMs = request.armTimeoutMs ?? DEFAULT_ARM_TIMEOUT_MS;
    const memo = { owner: this.#parts.lease.id };
    const desired = { ...desiredSession(request), check: true, memo };
    const { hosts } = selected;
    return {
      kind: 'checked',
      result: { hosts: await checkProgram(this.#parts.broker, desired, hosts, timeoutMs) },
    };
  }

  /** The hosts that a request is for, if it makes sense at all. */
  #select(
    request: CheckRequest,
    correlated: WrittenCorrelation = {},
  ): NotStarted | { kind: 'hosts'; hosts: readonly string[] } {
    const source = new Source(request.sourceName, request.program);
    const { program, diagnostics } = loadProgram(source, request.files);
    if (program === undefined) {
      const message = renderDiagnostics(diagnostics).trimEnd();
      return { kind: 'rejected', error: programRejected([{ message, hosts: [] }]) };
    }
    const fault = correlationFault(correlated, program);
    if (fault !== undefined) {
      return { kind: 'rejected', error: programRejected([{ message: fault, hosts: [] }]) };
    }
    const hosts = this.#parts.fleet.select(request.selector, steadyMs());
    if (hosts.length === 0) return { kind: 'no-hosts', error: this.#noHosts(request) };
    if (hosts.length > MAX_HOSTS) {
      return { kind: 'too-many-hosts', error: tooManyHosts(hosts.length, MAX_HOSTS) };
    }
    return { kind: 'hosts', hosts };
  }

  hostRestarted({ host }: Heartbeat): void {
    for (const session of this.#sessions.values()) session.hostRestarted(host);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const session of this.#sessions.values()) await session.close();
  }

  async #open(stored: StoredSession, revision: number): Promise<Session> {
    const session = new Session(stored, revision, this.#parts);
    this.#sessions.set(stored.id, session);
    await session.start();
    return session;
  }

  #noteEntry(entry: PagedEntry): void {
    this.#noteChange({ id: entry.id, revision: entry.revision, text: entry });
  }

  #noteChange({ id, text, revision }: PagedChange): void {
    const session = this.#sessions.get(id);
    if (text === undefined) {
      this.#leftovers.forget(id);
      if (session !== undefined && revision > session.revision) this.#drop(session);
      return;
    }
    // What it writes itself comes back to it; of that its end alone is news here.
    if (session?.isStored === false && revision <= session.revision) return;
    const stored = this.#read(id, text, revision);
    if (stored === undefined) return;
    if (session !== undefined) session.entryChanged(stored, revision);
    else {
      this.#open(stored, revision).catch((error: unknown) => {
        // The next change, or the next time the broker comes back, it is tried again.
        this.#parts.log.warn({ err: error, session: id }, 'follow session');
        this.#sessions.delete(id);
      });
    }
  }

  /** The session of an entry, if it is one to be followed. */
  #read(id: string, text: PagedText, revision: number): StoredSession | undefined {
    const check = decodeCheck(text.body);
    if (check !== undefined) {
      const keepMs = check.owner === this.#parts.lease.id ? KEEP_OWN_CHECK_MS : 0;
      this.#leftovers.add(id, { revision, owner: check.owner, afterMs: steadyMs() + keepMs });
      return undefined;
    }
    const stored = decodeStored(text);
    if (stored === undefined || stored.id !== id) {
      this.#parts.log.warn({ session: id }, 'ignored a malformed session entry');
      return undefined;
    }
    const { conclusion, owner } = stored.memo;
    if (conclusion === undefined) return this.#stillMeant(stored);
    // Its owner's clock may be ahead of this one.
    const endedAtMs = Math.min(conclusion.endedAtMs - clockSetByMs(), steadyMs());
    this.#leftovers.add(id, { revision, owner, afterMs: endedAtMs + KEEP_FINISHED_MS });
    return this.#sessions.has(id) ? stored : undefined;
  }

  /** A session that no coordinator has renewed is brought to its end: nobody knows since when its entry was kept back. */
  #stillMeant(stored: StoredSession): StoredSession {
    const { sessions } = this.#parts.broker;
    return sessions.hasExpired(stored.id) ? withMemo(stored, { stopAsked: true }) : stored;
  }

  #tick(nowMs: number): void {
    const { broker, lease, peers } = this.#parts;
    peers.tick(performance.now(), broker.connectedSinceMs() !== undefined);
    for (const session of this.#sessions.values()) {
      session.tick(nowMs);
      const { finishedAtMs } = session;
      if (finishedAtMs === undefined || nowMs - finishedAtMs < KEEP_FINISHED_MS) continue;
      if (session.isStored) this.#drop(session);
    }
    if (!lease.holds()) return;
    const isAbandoned = (owner: string | undefined): boolean =>
      owner === undefined || owner === lease.id || peers.hasLapsed(owner, performance.now());
    for (const { id, owner, isOwned, progress } of this.#sessions.values()) {
      if (!isOwned && !isOver(progress) && isAbandoned(owner)) void this.#claim(id);
    }
    for (const { id, revision } of this.#leftovers.take(nowMs, isAbandoned)) {
      void this.#remove(id, revision);
    }
  }

  /** Makes this coordinator the owner of a session whose owner is gone, unless another one is quicker. */
  async #claim(id: string): Promise<void> {
    if (this.#claiming.has(id)) return;
    this.#claiming.add(id);
    const { entries, lease } = this.#parts;
    try {
      const entry = await entries.read(id);
      const stored = entry === undefined ? undefined : decodeStored(entry);
      if (entry === undefined || stored === undefined) return;
      const { owner, conclusion } = stored.memo;
      const isFree = owner === undefined || (await this.#isGone(owner));
      if (conclusion !== undefined || !isFree || !lease.holds()) {
        this.#noteEntry(entry);
        return;
      }
      const text = encodeStored(withMemo(this.#stillMeant(stored), { owner: lease.id }));
      const revision = await entries.write(id, text, entry.revision);
      this.#noteChange({ id, text, revision });
    } catch (error) {
      if (error instanceof EntryChangedError) return;
      this.#parts.log.warn({ err: error, session: id }, 'take a session over');
    } finally {
      this.#claiming.delete(id);
    }
  }

  /** Its lease has lapsed, and it has not renewed it since this coordinator last heard. */
  async #isGone(owner: string): Promise<boolean> {
    const { broker, peers, lease } = this.#parts;
    if (owner === lease.id) return true;
    const entry = await broker.coordinators.read(owner);
    const info = entry === undefined ? undefined : parseCoordinatorInfo(entry.body);
    // What the watch has not brought counts from now.
    if (entry !== undefined && info !== undefined) {
      peers.heard(info, entry.revision, performance.now());
    }
    return peers.hasLapsed(owner, performance.now());
  }

  #drop(session: Session): void {
    this.#sessions.delete(session.id);
    session
      .close()
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'close session'));
  }

  /** The entry first: only one coordinator can, and what is left of the stream is bounded by its age. */
  async #remove(id: string, revision: number): Promise<void> {
    try {
      await this.#parts.entries.remove(id, revision);
      await this.#parts.broker.purge(id);
    } catch (error) {
      if (error instanceof EntryChangedError) return;
      this.#parts.log.warn({ err: error, session: id }, 'remove session');
    }
  }

  #noHosts({ selector }: CheckRequest): ApiError {
    const live = this.#parts.fleet.hosts(steadyMs()).filter(({ state }) => state === 'live');
    if (live.length === 0) {
      return { code: 'no-hosts', message: 'no live host: no agent is connected' };
    }
    const wanted = [
      ...selector.hosts.map((host) => `host ${host}`),
      ...Object.entries(selector.labels).map(([name, value]) => `label ${name}=${value}`),
    ];
    const present = live.map(({ host, labels }) => {
      const texts = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      return texts.length === 0 ? host : `${host} (${texts.join(', ')})`;
    });
    const MAX_LISTED = 20;
    const more = present.length > MAX_LISTED ? ` and ${present.length - MAX_LISTED} more` : '';
    return {
      code: 'no-hosts',
      message: `no live host matches ${wanted.join(', ')}; there are ${present.slice(0, MAX_LISTED).join(', ')}${more}`,
    };
  }
}

async function outcomeOf(session: Session, { atLeast }: RunRequest): Promise<RunOutcome> {
  await session.armed;
  if (session.progress.state !== 'failed') return { kind: 'started', session: session.info() };
  await session.over;
  const { hosts } = session.progress;
  const few = tooFewArmed(hosts, atLeast);
  if (few !== undefined) return { kind: 'failed', error: few };
  const faults = faultsOf(hosts, 'program');
  if (faults.length > 0) return { kind: 'rejected', error: programRejected(faults) };
  return { kind: 'failed', error: noHostArmed(faultsOf(hosts, 'host')) };
}

function storedSession(
  request: RunRequest,
  hosts: readonly string[],
  owner: string,
): StoredSession {
  const desired = desiredSession(request, request.id);
  return {
    ...desired,
    ...(request.durationMs !== undefined && { durationMs: request.durationMs }),
    ...(request.budget !== undefined && { budget: request.budget }),
    ...(request.containers !== undefined && { containers: request.containers }),
    memo: {
      merge: request.merge ?? 'meaning',
      hosts,
      hostsNeeded: hostsNeeded(
        request.atLeast,
        hosts.length + absentHosts(request.selector, hosts).length,
      ),
      armDeadlineMs: desired.createdAtMs + (request.armTimeoutMs ?? DEFAULT_ARM_TIMEOUT_MS),
      clocks: {},
      ...(request.spans !== undefined && { spans: request.spans }),
      ...(request.joins !== undefined && { joins: request.joins }),
      owner,
    },
  };
}

function desiredSession(request: CheckRequest, id: string = newId()): DesiredSession {
  return {
    version: 1,
    id,
    program: request.program,
    sourceName: request.sourceName,
    ...(request.files !== undefined && { files: request.files }),
    ...(request.includes !== undefined && { includes: request.includes }),
    parameters: request.parameters,
    ...(request.namedParameters !== undefined && { namedParameters: request.namedParameters }),
    selector: request.selector,
    unsafe: request.unsafe,
    ...(request.redact === true && { redact: true }),
    state: 'arm',
    createdAtMs: Date.now(),
    who: request.who,
  };
}

/** Short enough to type, with letters first so that no tool takes it for a number. */
function newId(): string {
  return `s${BigInt(`0x${randomBytes(6).toString('hex')}`)
    .toString(36)
    .padStart(10, '0')}`;
}
