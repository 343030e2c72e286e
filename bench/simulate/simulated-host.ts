/** One host as its agent and runner would speak for it: heartbeats, reports, frames in order with one outstanding. */
import {
  encodeFrame,
  encodeJson,
  parseDesiredSession,
  schemaJson,
  SESSION_ENTRIES,
  SESSIONS_BUCKET,
  subjects,
  type DesiredSession,
  type FrameHeader,
  type Heartbeat,
} from '@bpfleet/protocol';
import { createHash } from 'node:crypto';
import { connect, nanos, type JetStreamClient, type NatsConnection } from 'nats';
import { wallMs, type StoredRound } from './host-messages.ts';
import type { Load } from './load.ts';

const HEARTBEAT_MS = 1_000;
const PUBLISH_TIMEOUT_MS = 30_000;

export interface HostOptions {
  readonly nats: string;
  readonly number: number;
  readonly load: Load;
  /** Called when the stream has stored a round. */
  readonly onStored: (round: StoredRound) => void;
}

export class SimulatedHost {
  readonly number: number;
  readonly name: string;
  readonly #load: Load;
  readonly #onStored: HostOptions['onStored'];
  readonly #connection: NatsConnection;
  readonly #stream: JetStreamClient;
  readonly #epoch = Date.now();
  readonly #schemaHash: string;
  readonly #beating: NodeJS.Timeout;
  #state: DesiredSession['state'] | undefined;
  #running: NodeJS.Timeout | undefined;
  #beginMs = 0;
  #stoppedMs = Infinity;
  /** Rounds. */
  #sent = 0;
  #pump: Promise<void> | undefined;
  #sequence = 0;

  private constructor({ number, load, onStored }: HostOptions, connection: NatsConnection) {
    this.number = number;
    this.name = `host-${String(number).padStart(5, '0')}`;
    this.#load = load;
    this.#onStored = onStored;
    this.#connection = connection;
    this.#stream = connection.jetstream({ timeout: PUBLISH_TIMEOUT_MS });
    this.#schemaHash = hashOf(load);
    this.#beating = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  /** Resolves when it is ready to be asked. The coordinator must have run before, to make the bucket. */
  static async start(options: HostOptions): Promise<SimulatedHost> {
    const connection = await connect({ servers: options.nats, maxReconnectAttempts: -1 });
    const host = new SimulatedHost(options, connection);
    const bucket = await host.#stream.views.kv(SESSIONS_BUCKET, { history: 1, ttl: nanos(0) });
    const changes = await bucket.watch(SESSION_ENTRIES);
    void (async () => {
      for await (const entry of changes) {
        if (entry.operation !== 'PUT') continue;
        const body = entry.string();
        // Agents read entries side by side; here a thousand would read one after the other.
        if (host.#isNews(body)) host.#desire(parseDesiredSession(body));
      }
    })();
    host.#beat();
    await connection.flush();
    return host;
  }

  async close(): Promise<void> {
    clearInterval(this.#beating);
    clearTimeout(this.#running);
    await this.#connection.close();
  }

  #beat(): void {
    const heartbeat: Heartbeat = {
      version: 1,
      host: this.name,
      labels: { role: 'simulated' },
      kernel: '6.1.0',
      arch: 'x86_64',
      features: [],
      agentVersion: '0.1.0',
      startedAtMs: this.#epoch,
      sentAtNs: (BigInt(Date.now()) * 1_000_000n).toString(),
      sessions: [],
    };
    this.#connection.publish(subjects.heartbeat(this.name), JSON.stringify(heartbeat));
  }

  #isNews(body: string): boolean {
    return this.#state === undefined || !body.includes(`"state":"${this.#state}"`);
  }

  #desire(session: DesiredSession | undefined): void {
    if (session === undefined || session.state === this.#state) return;
    if (this.#state === undefined && session.state === 'stop') return;
    this.#state = session.state;
    switch (session.state) {
      case 'arm':
        void this.#report(session.id, {
          kind: 'armed',
          schema: this.#load.schema,
          schemaHash: this.#schemaHash,
          probes: 1,
          warnings: '',
        });
        return;
      case 'run': {
        const begin = (): void => {
          void this.#report(session.id, { kind: 'attached', probes: 1 });
          this.#beginMs = wallMs();
          this.#goOn(session.id);
        };
        setTimeout(begin, Math.max(0, (session.startAtMs ?? 0) - Date.now()));
        return;
      }
      case 'stop':
        void this.#end(session.id);
    }
  }

  /** Rounds that could not be sent in time go out together. */
  #goOn(session: string): void {
    if (this.#state !== 'run') return;
    this.#pump ??= this.#sendDue(session).finally(() => (this.#pump = undefined));
    const { intervalMs } = this.#load;
    const now = wallMs() - this.#beginMs;
    this.#running = setTimeout(() => this.#goOn(session), intervalMs - (now % intervalMs));
  }

  async #sendDue(session: string): Promise<void> {
    for (let due = this.#due(); due > this.#sent; due = this.#due()) {
      const host = this.number;
      const rounds = { first: this.#sent, last: due - 1 };
      const dueMs = this.#beginMs + (rounds.first + 1) * this.#load.intervalMs;
      await this.#publish(session, this.#load.frame(host, rounds, this.#header(session)));
      this.#sent = due;
      const atMs = wallMs();
      const units = this.#load.units(rounds);
      this.#onStored({ host, round: rounds.last, units, atMs, lateMs: atMs - dueMs });
    }
  }

  /** How many rounds are to be out by now. */
  #due(): number {
    return Math.floor(
      (Math.min(wallMs(), this.#stoppedMs) - this.#beginMs) / this.#load.intervalMs,
    );
  }

  async #end(session: string): Promise<void> {
    clearTimeout(this.#running);
    this.#stoppedMs = wallMs();
    await this.#pump;
    await this.#sendDue(session);
    const end = { kind: 'end', reason: 'stopped', exitCode: 0 } as const;
    await this.#publish(session, encodeFrame(this.#header(session), end));
    await this.#report(session, { kind: 'ended', reason: 'stopped' });
  }

  #header(session: string): FrameHeader {
    return {
      session,
      host: this.name,
      schemaHash: this.#schemaHash,
      epoch: this.#epoch,
      sequence: this.#sequence,
      bootToUnixNs: 0n,
    };
  }

  async #publish(session: string, bytes: Uint8Array): Promise<void> {
    const msgID = `${session}/${this.name}/${this.#epoch}/${this.#sequence++}`;
    await this.#stream.publish(subjects.data(session, this.name), bytes, { msgID });
  }

  async #report(session: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    const report = { version: 1, session, host: this.name, atMs: Date.now(), ...body };
    const msgID = `${session}/${this.name}/${String(body['kind'])}`;
    await this.#stream.publish(subjects.report(session, this.name), encodeJson(report), { msgID });
  }
}

const hashes = new WeakMap<Load, string>();

function hashOf(load: Load): string {
  let hash = hashes.get(load);
  if (hash === undefined) {
    hash = createHash('sha256').update(schemaJson(load.schema)).digest('hex').slice(0, 16);
    hashes.set(load, hash);
  }
  return hash;
}
