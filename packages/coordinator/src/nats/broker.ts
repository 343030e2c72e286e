/**
 * The coordinator's side of NATS: the session stream, the buckets of desired sessions and of coordinators, and the
 * agents' heartbeats.
 */
import { randomBytes } from 'node:crypto';
import {
  COORDINATORS_BUCKET,
  SESSIONS_BUCKET,
  STREAM,
  subjects,
  type CoordinatorBeat,
} from '@bpfleet/protocol';
import { SaidOnce, SealFault, type NatsSecrets } from '@bpfleet/protocol/seal';
import {
  connect,
  ErrorCode,
  Events,
  NatsError,
  type JetStreamClient,
  type JetStreamManager,
  type NatsConnection,
} from 'nats';
import type { Logger } from 'pino';
import { withSecrets } from './connection-secrets.ts';
import { NatsEntryBucket, type EntryBucket } from './entry-bucket.ts';
import { Follower } from './follower.ts';
import { mebibytes, prepareStream, WANTED_BYTES } from './prepare-stream.ts';
import { steadyMs } from '../steady-time.ts';
import { KnownNames } from './known-names.ts';
import { Seals } from './seals.ts';
import type { SessionMessage } from './session-message.ts';

export interface Subscription {
  close(): Promise<void>;
}

export interface Broker {
  /** The desired sessions. */
  readonly sessions: EntryBucket;
  /** The coordinators that live. */
  readonly coordinators: EntryBucket;
  /** Calls back for every heartbeat, with its subject, and this process's time in nanoseconds at its arrival. */
  onHeartbeat(receive: (body: Uint8Array, subject: string, receivedAtNs: bigint) => void): void;
  /** Calls back once for every message of a session from a place in the stream on, in order, one at a time. */
  follow(
    session: string,
    receive: (message: SessionMessage) => Promise<void>,
    fromSequence?: number,
  ): Promise<Subscription>;
  /** Sequence of the last message that the stream holds of this session; 0 if there is none. */
  lastSequence(session: string): Promise<number>;
  /** Forgets what the stream holds of a session. */
  purge(session: string): Promise<void>;
  /** Tells the agents that a coordinator lives. */
  beat(): void;
  /** Since when the server has answered, milliseconds of this process's time; undefined while it does not. */
  connectedSinceMs(): number | undefined;
  /** Asks the server whether it answers. Round trip, milliseconds; rejects while it cannot be reached. */
  roundTripMs(): Promise<number>;
  close(): Promise<void>;
}

export interface NatsAddress {
  readonly url: string;
  readonly secrets?: NatsSecrets;
}

export class BrokerError extends Error {
  override readonly name = 'BrokerError';
}

/** Which part of a heartbeat's subject names the host. */
const HOST_IN_HEARTBEAT = 3;
const RECONNECT_MS = 500;
/** A server that is stopped or cut off answers nothing: the connection is given up after two pings. */
const PING_MS = 2_000;
const DIAL_TIMEOUT_MS = 5_000;

/** A server that answers no ping for so long is taken to be away, whatever its connection says. */
const SILENT_AFTER_MS = 2_000;
/** They write once a second while they live. */
const FORGET_COORDINATOR_AFTER_MS = 3_600_000;

/**
 * @throws {BrokerError} if no server answers, it does not let us in, or it has no JetStream
 * @throws {KeyFileError} for keys that are none
 */
export async function connectBroker(
  address: NatsAddress,
  log: Pick<Logger, 'warn'>,
): Promise<Broker> {
  const { url, secrets = {} } = address;
  const said = new SaidOnce((what, reason) => log.warn(`refused ${what}: ${reason}`));
  const seals = new Seals(secrets.keys, (from, reason) => said.say(from, reason));
  const connection = await open(url, secrets);
  try {
    const manager = await connection.jetstreamManager();
    const maxBytes = await prepareStream(manager.streams);
    if (maxBytes < WANTED_BYTES) {
      log.warn(
        `jetstream has room for ${mebibytes(maxBytes)} of frames, not ${mebibytes(WANTED_BYTES)}: older ones are gone sooner when a coordinator or the store is away`,
      );
    }
    const client = connection.jetstream();
    const sessions = await NatsEntryBucket.open(SESSIONS_BUCKET, connection, 0, seals);
    const coordinators = await NatsEntryBucket.open(
      COORDINATORS_BUCKET,
      connection,
      FORGET_COORDINATOR_AFTER_MS,
      seals,
    );
    return new NatsBroker(connection, manager, client, seals, { sessions, coordinators });
  } catch (error) {
    await connection.close();
    throw new BrokerError(`prepare jetstream on ${url}: ${explain(error)}`, { cause: error });
  }
}

async function open(url: string, secrets: NatsSecrets): Promise<NatsConnection> {
  try {
    return await connect({
      servers: url,
      name: 'bpfleet-coordinator',
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MS,
      pingInterval: PING_MS,
      timeout: DIAL_TIMEOUT_MS,
      ...withSecrets(secrets),
    });
  } catch (error) {
    throw new BrokerError(`connect to ${url}: ${explain(error)}`, { cause: error });
  }
}

function explain(error: unknown): string {
  if (!(error instanceof NatsError)) return error instanceof Error ? error.message : String(error);
  return EXPLANATIONS.get(error.code) ?? error.message;
}

const NO_JETSTREAM = 'the server has no jetstream; start it with `nats-server -js`';
const NOT_LET_IN =
  'the server does not let it in; give it the key of a user of that server (--nats-nkey)';
const EXPLANATIONS: ReadonlyMap<string, string> = new Map<string, string>([
  [ErrorCode.ConnectionRefused, 'connection refused; is nats-server running?'],
  [ErrorCode.JetStreamNotEnabled, NO_JETSTREAM],
  [ErrorCode.NoResponders, NO_JETSTREAM],
  [ErrorCode.AuthorizationViolation, NOT_LET_IN],
  [ErrorCode.AuthenticationExpired, NOT_LET_IN],
]);

interface Buckets {
  readonly sessions: NatsEntryBucket;
  readonly coordinators: NatsEntryBucket;
}

class NatsBroker implements Broker {
  readonly sessions: NatsEntryBucket;
  readonly coordinators: NatsEntryBucket;
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #seals: Seals;
  readonly #names = new KnownNames();
  /** Tells this process from other coordinators. */
  readonly #from = randomBytes(8).toString('hex');
  readonly #followers = new Set<Follower>();
  #connectedSinceMs: number | undefined = steadyMs();
  /** When the server was asked what it has not answered yet, monotonic milliseconds. */
  #askedAtMs: number | undefined;

  constructor(
    connection: NatsConnection,
    manager: JetStreamManager,
    client: JetStreamClient,
    seals: Seals,
    buckets: Buckets,
  ) {
    this.#connection = connection;
    this.#manager = manager;
    this.#client = client;
    this.#seals = seals;
    this.sessions = buckets.sessions;
    this.coordinators = buckets.coordinators;
    void this.#watchConnection();
  }

  beat(): void {
    if (this.#connectedSinceMs === undefined) return;
    const beat: CoordinatorBeat = { sentAtMs: Date.now(), from: this.#from };
    const { bytes } = this.#seals.give(subjects.coordinator, JSON.stringify(beat), 'fleet');
    this.#connection.publish(subjects.coordinator, bytes);
  }

  connectedSinceMs(): number | undefined {
    const silent = performance.now() - (this.#askedAtMs ?? Infinity) > SILENT_AFTER_MS;
    return silent ? undefined : this.#connectedSinceMs;
  }

  async #watchConnection(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === Events.Disconnect) this.#connectedSinceMs = undefined;
      if (type === Events.Reconnect) {
        this.#connectedSinceMs = steadyMs();
        this.#askedAtMs = undefined;
        for (const follower of this.#followers) void follower.reopen();
        const isOpen = (): boolean => this.#connectedSinceMs !== undefined;
        void this.sessions.watchAgain(isOpen);
        void this.coordinators.watchAgain(isOpen);
      }
    }
  }

  onHeartbeat(receive: (body: Uint8Array, subject: string, receivedAtNs: bigint) => void): void {
    this.#connection.subscribe(subjects.heartbeats, {
      callback: (error, { subject: sentTo, data }) => {
        if (error !== null) return;
        const opened = this.#seals.hosts.open(sentTo, data, subjects.heartbeat);
        if (opened instanceof SealFault) {
          this.#refuse(sentTo.split('.')[HOST_IN_HEARTBEAT] ?? '', opened);
          return;
        }
        const { subject, body } = opened;
        this.#names.note(
          sentTo.split('.')[HOST_IN_HEARTBEAT],
          subject.split('.')[HOST_IN_HEARTBEAT],
        );
        receive(body, subject, BigInt(Math.floor(steadyMs())) * 1_000_000n);
      },
    });
  }

  #refuse(name: string, { message }: SealFault): void {
    this.#seals.refuse(`what ${this.#names.say(name)} sends`, message);
  }

  async follow(
    session: string,
    receive: (message: SessionMessage) => Promise<void>,
    fromSequence = 1,
  ): Promise<Subscription> {
    const follower = new Follower({
      manager: this.#manager,
      client: this.#client,
      session,
      receive,
      fromSequence,
      hosts: this.#seals.hosts,
      onRefused: (name, fault) => this.#refuse(name, fault),
    });
    await follower.open();
    this.#followers.add(follower);
    return {
      close: async () => {
        this.#followers.delete(follower);
        await follower.close();
      },
    };
  }

  async lastSequence(session: string): Promise<number> {
    try {
      const last = await this.#manager.streams.getMessage(STREAM, {
        last_by_subj: subjects.sessionAll(session),
      });
      return last.seq;
    } catch (error) {
      const NO_MESSAGE_FOUND = 10037;
      if (error instanceof NatsError && error.api_error?.err_code === NO_MESSAGE_FOUND) return 0;
      throw error;
    }
  }

  async purge(session: string): Promise<void> {
    await this.#manager.streams.purge(STREAM, { filter: subjects.sessionAll(session) });
  }

  async roundTripMs(): Promise<number> {
    const startMs = performance.now();
    this.#askedAtMs ??= startMs;
    const roundTripMs = await this.#connection.rtt();
    const answeredMs = performance.now();
    // Whatever it had for us meanwhile comes now.
    if (answeredMs - (this.#askedAtMs ?? answeredMs) > SILENT_AFTER_MS) {
      this.#connectedSinceMs = steadyMs();
    }
    this.#askedAtMs = undefined;
    return roundTripMs;
  }

  async close(): Promise<void> {
    this.sessions.close();
    await this.#connection.close();
  }
}
