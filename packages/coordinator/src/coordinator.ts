/** The coordinator: NATS, fleet, sessions, store and HTTP put together, and taken apart in reverse. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:https';
import { parseCoordinatorInfo, parseHeartbeat, subjects } from '@bpfleet/protocol';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Access } from './auth/access.ts';
import { listenerFault } from './auth/listener-fault.ts';
import { OidcAuthenticator, type OidcOptions } from './auth/oidc.ts';
import type { Authenticator } from './auth/principal.ts';
import { renewTls } from './auth/renew-tls.ts';
import type { Role } from './auth/role.ts';
import { SingleToken } from './auth/single-token.ts';
import { readTls, type TlsFiles } from './auth/tls-files.ts';
import { TokenFile } from './auth/token-file.ts';
import { TokenReviewAuthenticator, type TokenReviewOptions } from './auth/token-review.ts';
import { Fleet } from './fleet/fleet.ts';
import { createApp } from './http/app.ts';
import { connectBroker, type Broker, type NatsAddress } from './nats/broker.ts';
import { PagedBucket } from './nats/paged-bucket.ts';
import { coordinatorId } from './peers/coordinator-id.ts';
import { OwnLease } from './peers/own-lease.ts';
import { Peers } from './peers/peers.ts';
import { LiveFirst } from './session/live-first.ts';
import { SessionRegistry } from './session/registry.ts';
import { pagesOf } from './session/stored-session.ts';
import type { StoreOptions } from './store/client.ts';
import { openStore } from './store/store.ts';

const BEAT_MS = 1_000;
/** It is kept for every host; labels and features of a host take a small part of this. */
const MAX_HEARTBEAT_BYTES = 64 * 1024;

export interface Listen {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface CoordinatorOptions {
  /** The NATS server, such as at `nats://127.0.0.1:4222`. */
  readonly nats: NatsAddress;
  readonly store: StoreOptions;
  readonly listen: Listen;
  /** Its name among the coordinators of the fleet; one that the store remembers, or a new one, when absent. */
  readonly id?: string;
  readonly access?: CoordinatorAccess;
  readonly log: Logger;
}

/** Who may use the API. With none of it, whoever is on this machine may do everything, and nobody else reaches it. */
export interface CoordinatorAccess {
  readonly tls?: TlsFiles;
  /** The file of tokens. */
  readonly tokens?: string;
  /** One that is an admin's. */
  readonly token?: string;
  readonly oidc?: OidcOptions;
  readonly kubernetes?: TokenReviewOptions;
  /** What requests without a token may do. */
  readonly anonymous?: Role;
  /** TLS is in front of it. */
  readonly insecureHttp?: boolean;
}

export interface Coordinator {
  /** Where the API listens. */
  readonly url: string;
  /** Resolves when the coordinator has been closed. */
  readonly closed: Promise<void>;
  /** Sessions go on without it until their lease ends; the next coordinator takes them up. */
  close(): Promise<void>;
}

export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Resolves when the API answers.
 *
 * @throws {ListenError} for an address that cannot or must not be listened on
 * @throws {BrokerError} if NATS cannot be reached
 * @throws {StoreError} if the store cannot be opened
 */
export async function startCoordinator(options: CoordinatorOptions): Promise<Coordinator> {
  const { listen, log, access = {} } = options;
  const tokens = access.tokens === undefined ? undefined : new TokenFile(access.tokens);
  const authenticators = authenticatorsOf(access, tokens);
  const fault = listenerFault({
    host: listen.host,
    hasTls: access.tls !== undefined,
    hasAuthentication: authenticators.length > 0,
    insecureHttp: access.insecureHttp === true,
    ...(access.anonymous !== undefined && { anonymous: access.anonymous }),
  });
  if (fault !== undefined) throw new ListenError(fault);
  // What is wrong with these is said now, not at the first request.
  await tokens?.records();
  const tls = access.tls === undefined ? undefined : await readTls(access.tls);
  const undo: (() => unknown)[] = [];
  try {
    const broker = await connectBroker(options.nats, log);
    undo.push(() => broker.close());
    const store = await openStore(options.store, log);
    const fleet = new Fleet();
    const peers = await watchPeers(broker);
    const lease = await takeLease(broker, options).catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    // Given up last: until then nobody else may act for the sessions of this one.
    undo.push(() => lease.release());
    undo.push(() => store.close());
    const entries = new PagedBucket(broker.sessions, pagesOf);
    const live = new LiveFirst();
    const sessions = new SessionRegistry({
      broker,
      entries,
      live,
      fleet,
      store,
      lease,
      peers,
      log,
    });
    lease.onRegained(async () => sessions.lookAgain());
    store.obey({
      holds: () => lease.holds(),
      held: async () => lease.held(),
      owns: (session) => sessions.owns(session),
    });
    undo.push(() => sessions.close());
    hearHeartbeats(broker, fleet, sessions, log);
    await sessions.start();
    const beat = setInterval(() => void keepBeat(broker, fleet), BEAT_MS);
    undo.push(() => clearInterval(beat));
    const app = await createApp({
      services: { broker, fleet, sessions, store, peers },
      access: new Access({
        authenticators,
        ...(access.anonymous !== undefined && { anonymous: access.anonymous }),
      }),
      log,
      ...(tokens !== undefined && { tokens }),
      ...(tls !== undefined && { tls }),
    });
    undo.push(() => app.close());
    const url = await bind(app, listen);
    if (access.tls !== undefined && tls !== undefined) {
      undo.push(renewTls(app.server as Server, access.tls, tls, log));
    }
    lease.describe({ url });
    log.info({ url, id: lease.id }, 'coordinator listens');
    const coordinator = closable(url, undo);
    void lease.lost.then(async () => coordinator.close());
    return coordinator;
  } catch (error) {
    await runAll(undo);
    throw error;
  }
}

function authenticatorsOf(
  { token, oidc, kubernetes }: CoordinatorAccess,
  tokens: TokenFile | undefined,
): readonly Authenticator[] {
  return [
    ...(token === undefined ? [] : [new SingleToken(token)]),
    ...(tokens === undefined ? [] : [tokens]),
    ...(oidc === undefined ? [] : [new OidcAuthenticator(oidc)]),
    // The last: it sends whatever the others do not know to the API server.
    ...(kubernetes === undefined ? [] : [new TokenReviewAuthenticator(kubernetes)]),
  ];
}

async function takeLease(broker: Broker, options: CoordinatorOptions): Promise<OwnLease> {
  const id = options.id ?? (await coordinatorId(options.store));
  const process = randomBytes(8).toString('hex');
  const info = { version: 1, id, process, startedAtMs: Date.now() } as const;
  return OwnLease.take(broker.coordinators, info, options.log);
}

async function watchPeers(broker: Broker): Promise<Peers> {
  const peers = new Peers();
  await broker.coordinators.watch(({ body, revision }) => {
    const info = body === undefined ? undefined : parseCoordinatorInfo(body);
    if (info !== undefined) peers.heard(info, revision, performance.now());
  });
  return peers;
}

function hearHeartbeats(
  broker: Broker,
  fleet: Fleet,
  sessions: SessionRegistry,
  log: Logger,
): void {
  let refused = 0;
  broker.onHeartbeat((body, subject, receivedAtNs) => {
    const heartbeat = body.length > MAX_HEARTBEAT_BYTES ? undefined : parseHeartbeat(textOf(body));
    if (heartbeat === undefined || subject !== subjects.heartbeat(heartbeat.host)) {
      refused += 1;
      // The first few say what is wrong; a flood must not fill the log.
      if (refused <= 10) log.warn('refused a malformed heartbeat');
      return;
    }
    const effect = fleet.heartbeat(heartbeat, receivedAtNs);
    if (effect !== 'known') log.info({ host: heartbeat.host }, `host ${effect}`);
    if (effect === 'restarted') sessions.hostRestarted(heartbeat);
  });
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

async function keepBeat(broker: Broker, fleet: Fleet): Promise<void> {
  broker.beat();
  try {
    if (broker.connectedSinceMs() !== undefined) fleet.setRoundTripMs(await broker.roundTripMs());
  } catch {
    // The connection broke meanwhile; the last round trip stays the best guess.
  }
}

async function bind(app: FastifyInstance, { host, port }: Listen): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
        ? 'the port is taken'
        : error instanceof Error
          ? error.message
          : String(error);
    throw new ListenError(`listen on ${host}:${port}: ${reason}`, { cause: error });
  }
}

function closable(url: string, undo: readonly (() => unknown)[]): Coordinator {
  let resolveClosed: () => void;
  const closed = new Promise<void>((resolve) => {
    resolveClosed = resolve;
  });
  let closing: Promise<void> | undefined;
  return {
    url,
    closed,
    close: async () => {
      closing ??= runAll(undo).then(() => resolveClosed());
      return closing;
    },
  };
}

/** In reverse order. */
async function runAll(undo: readonly (() => unknown)[]): Promise<void> {
  for (const step of undo.toReversed()) await step();
}
