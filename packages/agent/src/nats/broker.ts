/** The agent's and the runner's side of NATS: the one file of this package that imports it. */
import { connect, Events, nanos, type KV, type NatsConnection, type JetStreamClient } from 'nats';
import {
  encodeJson,
  parseCoordinatorBeat,
  parseDesiredSession,
  SESSION_ENTRIES,
  SESSIONS_BUCKET,
  subjects,
  type CoordinatorBeat,
  type DesiredSession,
  type Heartbeat,
  type HostReport,
} from '@bpfleet/protocol';

/** NATS cannot be reached or refuses us. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
}

type Changes = Awaited<ReturnType<KV['watch']>>;

const RECONNECT_MS = 250;
const PUBLISH_TIMEOUT_MS = 5000;
/** A server that is stopped or cut off answers nothing: noticed after two pings, tried again as often. */
const PING_MS = 2000;
const DIAL_TIMEOUT_MS = 5000;

export class Broker {
  readonly #connection: NatsConnection;
  readonly #stream: JetStreamClient;
  #disconnectedSince: number | undefined;
  #refusal: string | undefined;
  #onReconnect: () => Promise<void> = () => Promise.resolve();

  private constructor(connection: NatsConnection) {
    this.#connection = connection;
    this.#stream = connection.jetstream({ timeout: PUBLISH_TIMEOUT_MS });
    void this.#watchStatus();
  }

  /** Throws BrokerError when no server answers at `url`. */
  static async connect(url: string, name: string): Promise<Broker> {
    try {
      return new Broker(
        await connect({
          servers: url,
          name,
          maxReconnectAttempts: -1,
          reconnectTimeWait: RECONNECT_MS,
          pingInterval: PING_MS,
          timeout: DIAL_TIMEOUT_MS,
        }),
      );
    } catch (cause) {
      throw new BrokerError(
        `connect to ${url}: ${reasonOf(cause)}; is nats-server running there, with JetStream (-js)?`,
        { cause },
      );
    }
  }

  /** Milliseconds of the monotonic clock since when there has been no connection; undefined while connected. */
  get disconnectedSince(): number | undefined {
    return this.#disconnectedSince;
  }

  /** Why the last publication was not stored although there is a connection; undefined once one is. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Resolves once the connection is closed for good, with the error that did it. */
  async closed(): Promise<Error | undefined> {
    return (await this.#connection.closed()) ?? undefined;
  }

  heartbeat(heartbeat: Heartbeat): void {
    if (this.#disconnectedSince !== undefined) return;
    this.#connection.publish(subjects.heartbeat(heartbeat.host), JSON.stringify(heartbeat));
  }

  /** Calls `onHeard` whenever a coordinator says that it is alive, and what time it is there if it does. */
  onCoordinator(onHeard: (beat: CoordinatorBeat | undefined) => void): void {
    this.#connection.subscribe(subjects.coordinator, {
      callback: (_error, { data }) => onHeard(parseCoordinatorBeat(data)),
    });
  }

  /**
   * Calls `onSession` with every desired session there is, then with each change, and with all of them once more after
   * the connection was lost: a server that was restarted has forgotten who watches. Entries that are not valid are
   * given to `onGarbage`.
   */
  async watchSessions(
    onSession: (session: DesiredSession) => void,
    onGarbage: (key: string) => void,
  ): Promise<void> {
    const bucket = await this.#bucket();
    const follow = async (changes: Changes): Promise<void> => {
      for await (const entry of changes) {
        if (entry.operation !== 'PUT') continue;
        const session = parseDesiredSession(entry.string());
        if (session === undefined) onGarbage(entry.key);
        else onSession(session);
      }
    };
    let changes = await bucket.watch(SESSION_ENTRIES);
    void follow(changes);
    this.#onReconnect = async () => {
      changes.stop();
      changes = await bucket.watch(SESSION_ENTRIES);
      void follow(changes);
    };
  }

  /**
   * Resolves when JetStream has stored it, with its place in the stream; a failure is retried until it has or `signal` is
   * aborted.
   */
  async report(report: HostReport, signal?: AbortSignal): Promise<number> {
    const id = `${report.session}/${report.host}/${report.kind}/${report.atMs}`;
    const subject = subjects.report(report.session, report.host);
    return this.#publish(subject, new TextEncoder().encode(encodeJson(report)), id, signal);
  }

  /** As `report`, for an encoded data frame. */
  async frame(
    session: string,
    host: string,
    id: string,
    bytes: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#publish(subjects.data(session, host), bytes, id, signal);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #publish(
    subject: string,
    bytes: Uint8Array,
    id: string,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    for (;;) {
      try {
        const timeout = PUBLISH_TIMEOUT_MS;
        const { seq } = await this.#stream.publish(subject, bytes, { msgID: id, timeout });
        this.#refusal = undefined;
        return seq;
      } catch (error) {
        if (signal?.aborted === true || this.#connection.isClosed()) throw error;
        this.#refusal = this.#disconnectedSince === undefined ? reasonOf(error) : undefined;
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
  }

  async #bucket(): Promise<KV> {
    try {
      return await this.#stream.views.kv(SESSIONS_BUCKET, { history: 1, ttl: nanos(0) });
    } catch (cause) {
      throw new BrokerError(
        `open bucket ${SESSIONS_BUCKET}: ${reasonOf(cause)}; start nats-server with JetStream (-js)`,
        { cause },
      );
    }
  }

  async #watchStatus(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type === Events.Disconnect) this.#disconnectedSince ??= performance.now();
      if (status.type !== Events.Reconnect) continue;
      this.#disconnectedSince = undefined;
      void this.#rewatch();
    }
  }

  async #rewatch(): Promise<void> {
    while (this.#disconnectedSince === undefined && !this.#connection.isClosed()) {
      try {
        return await this.#onReconnect();
      } catch {
        // The server is up, its JetStream not yet.
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('code' in cause && cause.code === '503') return 'JetStream does not answer';
  if ('code' in cause && cause.code === 'TIMEOUT') return 'JetStream does not answer in time';
  if ('code' in cause && cause.code === 'CONNECTION_REFUSED') return 'connection refused';
  return cause.message.toLowerCase();
}
