/** The agent's and the runner's side of NATS: the one file of this package that imports it. */
import {
  connect,
  Events,
  nanos,
  type KV,
  type NatsConnection,
  type JetStreamClient,
  type Status,
} from 'nats';
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
import type { NamedBody, NatsSecrets } from '@bpfleet/protocol/seal';
import { withSecrets } from './connection-secrets.ts';
import { Orders } from './orders.ts';

/** Of what came and is not obeyed: what it is, and why. */
export type OnRefused = (what: string, reason: string) => void;

/** NATS cannot be reached or refuses us. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
}

type Changes = Awaited<ReturnType<KV['watch']>>;

const encoder = new TextEncoder();
const RECONNECT_MS = 250;
const PUBLISH_TIMEOUT_MS = 5000;
/** A server that is stopped or cut off answers nothing: noticed after two pings, tried again as often. */
const PING_MS = 2000;
const DIAL_TIMEOUT_MS = 5000;

export interface NatsAddress {
  readonly url: string;
  readonly secrets?: NatsSecrets;
}

export class Broker {
  readonly #connection: NatsConnection;
  readonly #stream: JetStreamClient;
  readonly #orders: Orders;
  readonly #onRefused: OnRefused;
  #disconnectedSince: number | undefined;
  #refusal: string | undefined;
  #onReconnect: () => Promise<void> = () => Promise.resolve();

  private constructor(connection: NatsConnection, orders: Orders, onRefused: OnRefused) {
    this.#connection = connection;
    this.#orders = orders;
    this.#onRefused = onRefused;
    this.#stream = connection.jetstream({ timeout: PUBLISH_TIMEOUT_MS, checkAPI: false });
    void this.#watchStatus();
  }

  /**
   * @param who what it is to NATS, such as `bpfleet-agent`
   * @throws {BrokerError} when no server answers at `url`, or it does not let us in
   * @throws {KeyFileError} for keys that are none
   */
  static async connect(
    { url, secrets = {} }: NatsAddress,
    who: string,
    host: string,
    onRefused: OnRefused = () => undefined,
  ): Promise<Broker> {
    const orders = new Orders(secrets.keys);
    try {
      const connection = await connect({
        servers: url,
        name: `${who} ${orders.hosts.nameOf(host)}`,
        maxReconnectAttempts: -1,
        reconnectTimeWait: RECONNECT_MS,
        pingInterval: PING_MS,
        timeout: DIAL_TIMEOUT_MS,
        ...withSecrets(secrets),
      });
      return new Broker(connection, orders, onRefused);
    } catch (cause) {
      throw new BrokerError(`connect to ${url}: ${reasonOf(cause)}; ${adviceOn(cause)}`, { cause });
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

  get #mayOnlyRead(): boolean {
    return this.#orders.isSealed;
  }

  /** Resolves once the connection is closed for good, with the error that did it. */
  async closed(): Promise<Error | undefined> {
    return (await this.#connection.closed()) ?? undefined;
  }

  heartbeat(heartbeat: Heartbeat): void {
    if (this.#disconnectedSince !== undefined) return;
    const { hosts } = this.#orders;
    const { host } = heartbeat;
    const subject = subjects.heartbeat(hosts.nameOf(host));
    const body = encoder.encode(JSON.stringify(heartbeat));
    this.#connection.publish(subject, hosts.seal(subject, { host, body }));
  }

  /** Calls `onHeard` whenever a coordinator says that it is alive, and what time it is there if it does. */
  onCoordinator(onHeard: (beat: CoordinatorBeat | undefined) => void): void {
    this.#connection.subscribe(subjects.coordinator, {
      callback: (_error, { data }) => {
        const opened = this.#orders.open(subjects.coordinator, data);
        if (opened.kind === 'refused') {
          this.#onRefused('the heartbeat of a coordinator', opened.reason);
          return;
        }
        const beat = parseCoordinatorBeat(opened.order.text);
        const fault = this.#orders.beatFault(beat?.from ?? '', opened.order, Date.now());
        if (fault === undefined) onHeard(beat);
        else this.#onRefused('the heartbeat of a coordinator', fault);
      },
    });
  }

  /** Whether what was last said of a session is still meant: coordinators renew it. */
  stands(session: string): boolean {
    return this.#orders.stands(entryPlace(session), Date.now());
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
      for await (const { operation, key, value } of changes) {
        if (operation !== 'PUT') continue;
        const text = this.#obeyed(key, value);
        if (text === undefined) continue;
        const session = parseDesiredSession(text);
        if (session === undefined || (this.#orders.isSealed && session.id !== key)) onGarbage(key);
        else onSession(session);
      }
    };
    let changes: Changes | undefined;
    const watch = async (): Promise<void> => {
      changes?.stop();
      changes = await bucket.watch(SESSION_ENTRIES);
      void follow(changes);
    };
    this.#onReconnect = watch;
    try {
      await watch();
    } catch (error) {
      // A user of NATS that may only read cannot make the bucket, which is there as soon as a coordinator is.
      if (!this.#mayOnlyRead) throw error;
      this.#onRefused('the bucket of sessions', reasonOf(error));
      void this.#rewatch();
    }
  }

  /**
   * Resolves when JetStream has stored it, with its place in the stream; a failure is retried until it has or `signal` is
   * aborted.
   */
  async report(report: HostReport, signal?: AbortSignal): Promise<number> {
    const { session, host, kind, atMs } = report;
    const subject = subjects.report(session, this.#orders.hosts.nameOf(host));
    const body = encoder.encode(encodeJson(report));
    return this.#publish(subject, { host, body }, `${session}/${kind}/${atMs}`, signal);
  }

  /** As `report`, for an encoded data frame. @param id of the frame among those of this session and host */
  async frame(
    session: string,
    host: string,
    id: string,
    body: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    const subject = subjects.data(session, this.#orders.hosts.nameOf(host));
    await this.#publish(subject, { host, body }, `${session}/${id}`, signal);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** The text of an entry that is to be obeyed. */
  #obeyed(key: string, value: Uint8Array): Uint8Array | undefined {
    const opened = this.#orders.openEntry(entryPlace(key), value, Date.now());
    if (opened.kind === 'order') return opened.order.text;
    this.#onRefused(`session ${key}`, opened.reason);
    return undefined;
  }

  async #publish(
    subject: string,
    message: NamedBody,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const { hosts } = this.#orders;
    const id = `${hosts.nameOf(message.host)}/${name}`;
    const bytes = hosts.seal(subject, message);
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
      const options = { history: 1, ttl: nanos(0), bindOnly: this.#mayOnlyRead };
      return await this.#stream.views.kv(SESSIONS_BUCKET, options);
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
      if (status.type === Events.Error)
        this.#onRefused('a request', `NATS says ${permission(status)}`);
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

function entryPlace(session: string): string {
  return `$KV.${SESSIONS_BUCKET}.${session}`;
}

function adviceOn(cause: unknown): string {
  const refused =
    cause instanceof Error && 'code' in cause && cause.code === 'AUTHORIZATION_VIOLATION';
  return refused
    ? 'give it the key of a user of that server (--nats-nkey)'
    : 'is nats-server running there, with JetStream (-js)?';
}

function permission({ data, permissionContext }: Status): string {
  const { operation, subject } = permissionContext ?? {};
  return operation === undefined
    ? JSON.stringify(data)
    : `it may not ${operation} ${subject ?? ''}`;
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('code' in cause && cause.code === '503') return 'JetStream does not answer';
  if ('code' in cause && cause.code === 'TIMEOUT') return 'JetStream does not answer in time';
  if ('code' in cause && cause.code === 'CONNECTION_REFUSED') return 'connection refused';
  return cause.message.toLowerCase();
}
