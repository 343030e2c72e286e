/** Correlates a session from its frames as they come: live, and on their way into the store, in the same way. */
import type { Frame, FrameHeader } from '../frame/frame.ts';
import type { OutputItem } from '../render/output-item.ts';
import type { Schema } from '../schema/schema.ts';
import type { DecodedEvent } from '../value/decode-event.ts';
import { fieldsOf, type CorrelatedEvent } from './correlated-event.ts';
import type { Correlated, Correlator } from './correlator.ts';
import { HostOrder } from './host-order.ts';
import { LossWatch, type Loss } from './loss-watch.ts';

/** An event, or a loss, of which only the end is asked. */
type Step =
  | { readonly kind: 'event'; readonly event: CorrelatedEvent; readonly schema: Schema }
  | { readonly kind: 'loss'; readonly loss: Loss };

export class FrameCorrelation {
  readonly #correlator: Correlator | undefined;
  readonly #errorOf: (host: string) => number;
  readonly #losses = new LossWatch();
  readonly #orders = new Map<string, HostOrder<Step>>();
  #made: Correlated[] = [];

  /** @param errorOf bound of the error of a host's clock, nanoseconds */
  constructor(correlator: Correlator | undefined, errorOf: (host: string) => number = () => 0) {
    this.#correlator = correlator;
    this.#errorOf = errorOf;
  }

  get correlator(): Correlator | undefined {
    return this.#correlator;
  }

  /** Comes before the events of the frame. `header` is in fleet time. */
  frame(header: FrameHeader, frame: Frame): Loss | undefined {
    const loss = this.#losses.frame(header, frame);
    if (loss !== undefined) this.#add(header.host, loss.fromNs, { kind: 'loss', loss });
    return loss;
  }

  /** @param index among what the frame prints */
  event(
    header: FrameHeader,
    schema: Schema,
    decoded: DecodedEvent,
    item: OutputItem,
    index: number,
  ): void {
    const { host, epoch, sequence, session, bootToUnixNs } = header;
    const { nsecs, pid, tid, event } = decoded.header;
    const unixNs = nsecs + bootToUnixNs;
    this.#losses.noteEvent(host, unixNs);
    if (this.#correlator?.wants(schema, event) !== true) return;
    const place = { session, host, epoch, sequence, index, event, pid, tid };
    const times = { unixNs, hostNs: nsecs, errorNs: this.#errorOf(host) };
    const probes = 'probes' in decoded.schema ? (decoded.schema.probes ?? []) : [];
    const fields = fieldsOf(decoded.schema, decoded.arguments);
    const text = 'text' in item ? item.text : '';
    const correlated = { ...place, ...times, probes, fields, text };
    this.#add(host, unixNs, { kind: 'event', event: correlated, schema });
  }

  /** The host had an event at this fleet time, of which nothing else is asked. */
  noteTime(host: string, unixNs: bigint): void {
    this.#losses.noteEvent(host, unixNs);
  }

  /** What has been made since the last time. */
  take(): readonly Correlated[] {
    const made = this.#made;
    if (made.length > 0) this.#made = [];
    return made;
  }

  /** Nothing more is waited for, of one host or of all. */
  settle(host?: string): void {
    for (const [name, order] of this.#orders) {
      if (host === undefined || host === name) for (const step of order.settle()) this.#step(step);
    }
  }

  #add(host: string, unixNs: bigint, step: Step): void {
    if (this.#correlator === undefined) return;
    let order = this.#orders.get(host);
    if (order === undefined) this.#orders.set(host, (order = new HostOrder()));
    for (const due of order.add(unixNs, step)) this.#step(due);
  }

  #step(step: Step): void {
    if (step.kind === 'loss') this.#correlator?.lose(step.loss.host, step.loss.toNs);
    else
      for (const made of this.#correlator?.take(step.event, step.schema) ?? [])
        this.#made.push(made);
  }
}
