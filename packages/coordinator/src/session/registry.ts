/** The sessions of this coordinator: started here, or found in the KV bucket at start. */
import { randomBytes } from 'node:crypto';
import {
  hostsNeeded,
  parseDesiredSession,
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
import { checkProgram } from './check-program.ts';
import { faultsOf, noHostArmed, programRejected, tooFewArmed } from './faults.ts';
import { isOver } from './progress.ts';
import { Session, type SessionParts } from './session.ts';
import { absentHosts, decodeStored, encodeStored, type StoredSession } from './stored-session.ts';

const DEFAULT_ARM_TIMEOUT_MS = 15_000;
/** A finished session can be asked for its result this long; after that history has it. */
const KEEP_FINISHED_MS = 10 * 60_000;
const TICK_MS = 100;

export type NotStarted =
  | { readonly kind: 'no-hosts'; readonly error: ApiError }
  | { readonly kind: 'rejected'; readonly error: ProgramRejected };

export type CheckOutcome = NotStarted | { readonly kind: 'checked'; readonly result: CheckResult };

export type RunOutcome =
  | NotStarted
  | { readonly kind: 'started'; readonly session: SessionInfo }
  | { readonly kind: 'failed'; readonly error: ApiError };

export class SessionRegistry {
  readonly #parts: SessionParts;
  readonly #sessions = new Map<string, Session>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Takes up the sessions that an earlier coordinator left, and lets time pass from now on. */
  async start(): Promise<void> {
    for (const { id, body } of await this.#parts.broker.storedSessions()) {
      if (parseDesiredSession(body)?.check === true) {
        await this.#parts.broker.removeSession(id);
        continue;
      }
      const stored = decodeStored(body);
      if (stored === undefined || stored.id !== id) {
        this.#parts.log.warn({ session: id }, 'ignored a malformed session entry');
        continue;
      }
      if (stored.memo.endedAtMs === undefined) await this.#open(stored);
      else if (Date.now() - stored.memo.endedAtMs > KEEP_FINISHED_MS) {
        await this.#parts.broker.removeSession(id);
      }
    }
    this.#timer = setInterval(() => this.#tick(Date.now()), TICK_MS);
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Oldest first. */
  running(): readonly SessionInfo[] {
    return [...this.#sessions.values()]
      .filter(({ progress }) => !isOver(progress))
      .map((session) => session.info())
      .toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** Resolves once the hosts are armed and a moment for the start is agreed, or nothing can start. */
  async run(request: RunRequest): Promise<RunOutcome> {
    const selected = this.#select(request);
    if (selected.kind !== 'hosts') return selected;
    const stored = storedSession(request, selected.hosts);
    const session = await this.#open(stored);
    await this.#parts.broker.putSession(stored.id, encodeStored(stored));
    await session.armed;
    if (session.progress.state !== 'failed') return { kind: 'started', session: session.info() };
    await session.over;
    const { hosts } = session.progress;
    const few = tooFewArmed(hosts, request.atLeast);
    if (few !== undefined) return { kind: 'failed', error: few };
    const faults = faultsOf(hosts, 'program');
    if (faults.length > 0) return { kind: 'rejected', error: programRejected(faults) };
    return { kind: 'failed', error: noHostArmed(faultsOf(hosts, 'host')) };
  }

  /** Resolves once the hosts have compiled and loaded the program, and unloaded it again. */
  async check(request: CheckRequest): Promise<CheckOutcome> {
    const selected = this.#select(request);
    if (selected.kind !== 'hosts') return selected;
    const timeoutMs = request.armTimeoutMs ?? DEFAULT_ARM_TIMEOUT_MS;
    const desired = { ...desiredSession(request), check: true };
    const { hosts } = selected;
    return {
      kind: 'checked',
      result: { hosts: await checkProgram(this.#parts.broker, desired, hosts, timeoutMs) },
    };
  }

  /** The hosts that a request is for, if it makes sense at all. */
  #select(request: CheckRequest): NotStarted | { kind: 'hosts'; hosts: readonly string[] } {
    const source = new Source(request.sourceName, request.program);
    const { program, diagnostics } = loadProgram(source, request.files);
    if (program === undefined) {
      const message = renderDiagnostics(diagnostics).trimEnd();
      return { kind: 'rejected', error: programRejected([{ message, hosts: [] }]) };
    }
    const hosts = this.#parts.fleet.select(request.selector, Date.now());
    if (hosts.length === 0) return { kind: 'no-hosts', error: this.#noHosts(request) };
    return { kind: 'hosts', hosts };
  }

  hostRestarted({ host }: Heartbeat): void {
    for (const session of this.#sessions.values()) session.hostRestarted(host);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const session of this.#sessions.values()) await session.close();
  }

  async #open(stored: StoredSession): Promise<Session> {
    const session = new Session(stored, this.#parts);
    this.#sessions.set(stored.id, session);
    await session.start();
    return session;
  }

  #tick(nowMs: number): void {
    for (const [id, session] of this.#sessions) {
      session.tick(nowMs);
      const { endedAtMs } = session.progress;
      if (endedAtMs === undefined || nowMs - endedAtMs < KEEP_FINISHED_MS) continue;
      this.#sessions.delete(id);
      this.#parts.broker
        .removeSession(id)
        .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'remove session'));
    }
  }

  #noHosts({ selector }: CheckRequest): ApiError {
    const live = this.#parts.fleet.hosts(Date.now()).filter(({ state }) => state === 'live');
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

function storedSession(request: RunRequest, hosts: readonly string[]): StoredSession {
  const desired = desiredSession(request);
  return {
    ...desired,
    ...(request.durationMs !== undefined && { durationMs: request.durationMs }),
    memo: {
      merge: request.merge ?? 'meaning',
      hosts,
      hostsNeeded: hostsNeeded(
        request.atLeast,
        hosts.length + absentHosts(request.selector, hosts).length,
      ),
      armDeadlineMs: desired.createdAtMs + (request.armTimeoutMs ?? DEFAULT_ARM_TIMEOUT_MS),
      clocks: {},
    },
  };
}

function desiredSession(request: CheckRequest): DesiredSession {
  return {
    version: 1,
    id: newId(),
    program: request.program,
    sourceName: request.sourceName,
    ...(request.files !== undefined && { files: request.files }),
    ...(request.includes !== undefined && { includes: request.includes }),
    parameters: request.parameters,
    ...(request.namedParameters !== undefined && { namedParameters: request.namedParameters }),
    selector: request.selector,
    unsafe: request.unsafe,
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
