/** A scripted agent that speaks the protocol over NATS without tracing anything. */
import { createHash } from 'node:crypto';
import {
  encodeFrame,
  encodeJson,
  selects,
  subjects,
  SESSION_ENTRIES,
  SESSIONS_BUCKET,
  type DesiredSession,
  type EndReason,
  type Frame,
  type FrameHeader,
  type Heartbeat,
  type HostReport,
  type Schema,
} from '@bpfleet/protocol';
import { connect, Events, type JetStreamClient, type KV, type NatsConnection } from 'nats';

type ReportBody = HostReport extends infer Report
  ? Report extends HostReport
    ? Omit<Report, 'version' | 'session' | 'host' | 'atMs'>
    : never
  : never;

export interface FakeAgentOptions {
  readonly url: string;
  readonly host: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly schema: Schema;
  /** What it answers to a program; absent: it arms. */
  readonly failure?: { readonly fault: 'program' | 'host'; readonly message: string };
  /** Attaches and ends by itself as asked; otherwise the test reports each step. */
  readonly obedient?: boolean;
  /** Added to this machine's clock. */
  readonly clockSkewMs?: number;
}

const HEARTBEAT_MS = 200;

export class FakeAgent {
  readonly host: string;
  readonly epoch: number = Date.now();
  readonly schemaHash: string;
  readonly #options: FakeAgentOptions;
  readonly #connection: NatsConnection;
  readonly #stream: JetStreamClient;
  readonly #seen = new Map<string, DesiredSession['state']>();
  readonly #abandoned = new Set<string>();
  readonly #sequences = new Map<string, number>();
  readonly #waiting: {
    readonly id: string;
    readonly state: string;
    readonly resolve: () => void;
  }[] = [];
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: FakeAgentOptions, connection: NatsConnection) {
    this.#options = options;
    this.host = options.host;
    this.schemaHash = createHash('sha256')
      .update(encodeJson(options.schema))
      .digest('hex')
      .slice(0, 16);
    this.#connection = connection;
    this.#stream = connection.jetstream();
  }

  /** Resolves when its first heartbeat is out. The coordinator must have run before, to make the bucket. */
  static async start(options: FakeAgentOptions): Promise<FakeAgent> {
    const connection = await connect({ servers: options.url });
    const agent = new FakeAgent(options, connection);
    const bucket = await connection.jetstream().views.kv(SESSIONS_BUCKET);
    void agent.#watch(bucket);
    void agent.#watchAgain(bucket);
    agent.beat();
    agent.#timer = setInterval(() => agent.beat(), HEARTBEAT_MS);
    await connection.flush();
    return agent;
  }

  beat(): void {
    const skewMs = this.#options.clockSkewMs ?? 0;
    const heartbeat: Heartbeat = {
      version: 1,
      host: this.host,
      labels: this.#options.labels ?? {},
      kernel: '6.1.0',
      arch: 'x86_64',
      features: [],
      agentVersion: '0.1.0',
      startedAtMs: this.epoch,
      sentAtNs: (BigInt(Date.now() + skewMs) * 1_000_000n).toString(),
      sessions: [],
    };
    this.#connection.publish(subjects.heartbeat(this.host), encodeJson(heartbeat));
  }

  /** Publishes any bytes on any subject, again until the stream has them. */
  async publish(subject: string, body: Uint8Array | string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#stream.publish(subject, body, { timeout: 1_000 });
        return;
      } catch (error) {
        // What a killed agent was about to say is never said.
        if (this.#connection.isClosed()) return;
        if (attempt === 20) throw error;
      }
    }
  }

  async report(session: string, body: ReportBody): Promise<void> {
    const report = { version: 1, session, host: this.host, atMs: Date.now(), ...body };
    await this.publish(subjects.report(session, this.host), encodeJson(report));
  }

  async arm(session: string): Promise<void> {
    const { schema } = this.#options;
    const { schemaHash } = this;
    await this.report(session, { kind: 'armed', schema, schemaHash, probes: 1, warnings: '' });
  }

  /** Resolves when the stream has the frame; returns its bytes. */
  async send(
    session: string,
    frame: Frame,
    header: Partial<FrameHeader> = {},
  ): Promise<Uint8Array> {
    const sequence = header.sequence ?? this.#sequences.get(session) ?? 0;
    if (header.sequence === undefined) this.#sequences.set(session, sequence + 1);
    const bytes = encodeFrame(
      {
        session,
        host: this.host,
        schemaHash: this.schemaHash,
        epoch: this.epoch,
        bootToUnixNs: 0n,
        ...header,
        sequence,
      },
      frame,
    );
    await this.publish(subjects.data(session, this.host), bytes);
    return bytes;
  }

  /** Leaves out the next sequence number, as if its frame had been lost. */
  skip(session: string): void {
    this.#sequences.set(session, (this.#sequences.get(session) ?? 0) + 1);
  }

  async end(session: string, reason: EndReason): Promise<void> {
    await this.send(session, { kind: 'end', reason, exitCode: 0 });
    await this.report(session, { kind: 'ended', reason });
  }

  /** Resolves once the coordinator wants this of the session. */
  async asked(session: string, state: DesiredSession['state']): Promise<void> {
    if (this.#seen.get(session) === state) return;
    await new Promise<void>((resolve) => this.#waiting.push({ id: session, state, resolve }));
  }

  /** The id of the first session that it was asked to arm. */
  async firstSession(): Promise<string> {
    const [first] = this.#seen.keys();
    if (first !== undefined) return first;
    return new Promise((resolve) => {
      this.#waiting.push({
        id: '*',
        state: 'arm',
        resolve: () => resolve([...this.#seen.keys()][0] ?? ''),
      });
    });
  }

  /** Does nothing more for a session by itself, as if its runner were gone. */
  abandon(session: string): void {
    this.#abandoned.add(session);
  }

  /** Silent from now on, like a killed process. */
  async kill(): Promise<void> {
    clearInterval(this.#timer);
    await this.#connection.close();
  }

  /** A server that was restarted has forgotten who watched. */
  async #watchAgain(bucket: KV): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === Events.Reconnect) void this.#watch(bucket);
    }
  }

  async #watch(bucket: KV): Promise<void> {
    for await (const entry of await bucket.watch(SESSION_ENTRIES)) {
      if (entry.operation !== 'PUT') continue;
      const desired = entry.json<DesiredSession>();
      if (!selects(desired.selector, this.host, this.#options.labels ?? {})) continue;
      const before = this.#seen.get(desired.id);
      if (before === undefined && desired.state === 'stop') continue;
      this.#seen.set(desired.id, desired.state);
      if (before !== desired.state) await this.#obey(desired);
      for (const [index, { id, state, resolve }] of [...this.#waiting.entries()].toReversed()) {
        if ((id !== '*' && id !== desired.id) || state !== desired.state) continue;
        this.#waiting.splice(index, 1);
        resolve();
      }
    }
  }

  async #obey(desired: DesiredSession): Promise<void> {
    const { failure, obedient = true } = this.#options;
    if (!obedient || this.#abandoned.has(desired.id)) return;
    switch (desired.state) {
      case 'arm':
        if (failure === undefined) return this.arm(desired.id);
        return this.report(desired.id, { kind: 'failed', ...failure });
      case 'run':
        if (failure === undefined) await this.report(desired.id, { kind: 'attached', probes: 1 });
        return;
      case 'stop':
        if (failure === undefined) await this.end(desired.id, 'stopped');
    }
  }
}
