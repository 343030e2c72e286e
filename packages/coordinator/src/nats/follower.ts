/**
 * Reads one session's part of the stream in batches, and goes on where it was when the server comes back. The next
 * batch is asked for when the last one has been dealt with, so that what waits here is bounded however fast hosts send.
 */
import { STREAM, subjects } from '@bpfleet/protocol';
import { SealFault, type HostSeal, type SubjectOf } from '@bpfleet/protocol/seal';
import {
  AckPolicy,
  DeliverPolicy,
  millis,
  nanos,
  type Consumer,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from 'nats';
import type { SessionMessage } from './session-message.ts';

/** Of what the server takes for a message, 1 MiB unless it is told otherwise. A bound in bytes would keep out what exceeds it. */
const BATCH_MESSAGES = 64;
/** A batch ends after this long, whatever has come. */
const BATCH_MS = 30_000;
/** The server forgets a consumer that nobody has asked for this long. */
const FORGOTTEN_AFTER_MS = 5 * 60_000;
const REOPEN_AFTER_MS = 500;

export interface FollowerOptions {
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
  readonly session: string;
  readonly fromSequence: number;
  readonly receive: (message: SessionMessage) => Promise<void>;
  readonly hosts: HostSeal;
  /** Called with the name in the subject of what cannot be opened. */
  readonly onRefused: (name: string, fault: SealFault) => void;
}

export class Follower {
  readonly #options: FollowerOptions;
  #consumer: Consumer | undefined;
  #batch: ConsumerMessages | undefined;
  #reading: Promise<void> = Promise.resolve();
  #lastSequence: number;
  #closed = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#lastSequence = options.fromSequence - 1;
  }

  /** Rejects if the server does not give it a consumer. */
  async open(): Promise<void> {
    this.#consumer = await this.#newConsumer();
    this.#reading = this.#read();
  }

  /** A server that was restarted has forgotten its consumers; the client would notice after half a minute. */
  async reopen(): Promise<void> {
    this.#consumer = undefined;
    await this.#batch?.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#batch?.close();
    await this.#reading;
    // If the server cannot be reached it forgets it by itself.
    await this.#consumer?.delete().catch(() => undefined);
  }

  async #read(): Promise<void> {
    while (!this.#closed) {
      try {
        this.#consumer ??= await this.#newConsumer();
        await this.#readBatch(this.#consumer);
      } catch {
        // The server is gone, up but not ready, or has forgotten the consumer.
        this.#consumer = undefined;
        await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
      }
    }
  }

  async #readBatch(consumer: Consumer): Promise<void> {
    const batch = await consumer.fetch({ max_messages: BATCH_MESSAGES, expires: BATCH_MS });
    this.#batch = batch;
    if (this.#closed || this.#consumer !== consumer) await batch.close();
    for await (const message of batch) {
      // What a replaced consumer has still brought comes again with the next one.
      if (this.#consumer !== consumer) return;
      await this.#take(message);
    }
  }

  async #take(message: JsMsg): Promise<void> {
    if (message.seq <= this.#lastSequence) return;
    this.#lastSequence = message.seq;
    const kind = message.subject.split('.')[4];
    if (kind !== 'data' && kind !== 'report') return;
    const { subject, body } = this.#open(message, subjectsOf(kind, this.#options.session));
    await this.#options.receive({
      kind,
      subject,
      body,
      streamSequence: message.seq,
      storedAtMs: millis(message.info.timestampNanos),
      following: message.info.pending,
    });
  }

  /** What cannot be opened goes on empty, which is malformed and counted as such. */
  #open({ subject, data }: JsMsg, subjectOf: SubjectOf): { subject: string; body: Uint8Array } {
    const { hosts, onRefused } = this.#options;
    const opened = hosts.open(subject, data, subjectOf);
    if (!(opened instanceof SealFault)) return opened;
    onRefused(subject.split('.').at(-1) ?? '', opened);
    return { subject, body: new Uint8Array(0) };
  }

  async #newConsumer(): Promise<Consumer> {
    const { manager, client, session } = this.#options;
    const { name } = await manager.consumers.add(STREAM, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#lastSequence + 1,
      filter_subject: subjects.sessionAll(session),
      inactive_threshold: nanos(FORGOTTEN_AFTER_MS),
      mem_storage: true,
      num_replicas: 1,
    });
    return client.consumers.get(STREAM, name);
  }
}

function subjectsOf(kind: SessionMessage['kind'], session: string): SubjectOf {
  return (name) =>
    kind === 'data' ? subjects.data(session, name) : subjects.report(session, name);
}
