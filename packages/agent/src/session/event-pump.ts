/**
 * Sorts ring-buffer records: those that only carry data gather into event frames; those that ask this host to do
 * something are done here, in order, after the frames of everything before them.
 */
import {
  EVENT_HEADER_BYTES,
  type EventField,
  type EventSchema,
  type Frame,
  type Schema,
  type ValueType,
} from '@bpfleet/protocol';
import { CopiedBytes } from './copied-bytes.ts';
import { eventNumber, isRead } from './event-number.ts';
import { runHostAction } from './host-action.ts';
import { hasNamedParts, hasProcessNames } from './named-values.ts';
import type { NameStream } from './name-stream.ts';

export interface EventActions {
  readonly onFrame: (frame: Frame) => void;
  readonly onPrintMap: (event: number, nsecs: bigint) => void;
  readonly onClear: (map: string) => void;
  readonly onZero: (map: string) => void;
  readonly onExit: (exitCode: number) => void;
}

export interface PumpOptions {
  /** Whether what is sent after exit() counts nevertheless. */
  readonly readsOn: boolean;
  /** What commands and files say stays on this host. */
  readonly redact: boolean;
}

interface NamedField {
  readonly offset: number;
  readonly type: ValueType;
}

/**
 * Records of a frame at most. What is made of them on the way to the output is gone again before the collector of
 * garbage looks: of tens of thousands it would copy everything, several times.
 */
const FRAME_RECORDS = 512;

export class EventPump {
  readonly #schema: Schema;
  readonly #names: NameStream;
  readonly #actions: EventActions;
  readonly #options: PumpOptions;
  /** By event number: the fields that need names of this host. */
  readonly #named: readonly (readonly NamedField[])[];
  readonly #copies = new CopiedBytes();
  #pending: Uint8Array[] = [];
  #exited = false;
  #acted = false;
  #acting = true;
  #read = 0;

  constructor(schema: Schema, names: NameStream, actions: EventActions, options: PumpOptions) {
    this.#schema = schema;
    this.#options = options;
    this.#names = names;
    this.#actions = actions;
    this.#named = schema.events.map((event) =>
      fieldsOf(event).filter((field) => !field.dynamic && hasNamedParts(field.type)),
    );
  }

  /** Events so far that come to somebody who reads. */
  get read(): number {
    return this.#read;
  }

  /** Whether events hold addresses of processes. */
  get hasProcessNames(): boolean {
    return this.#named.some((fields) => fields.some(({ type }) => hasProcessNames(type)));
  }

  /** Takes one record; its bytes are valid only during the call. */
  record(bytes: Uint8Array): void {
    // What the program sent after exit() does not count: bpftrace stops reading there.
    if (this.#exited || bytes.length < EVENT_HEADER_BYTES) return;
    const number = eventNumber(bytes);
    const event = this.#schema.events[number];
    if (event === undefined) return;
    if (isRead(event.kind)) this.#read += 1;
    switch (event.kind) {
      case 'print-map':
        this.#acted = true;
        this.flush();
        this.#actions.onPrintMap(number, viewOf(bytes).getBigUint64(0, true));
        return;
      case 'clear':
        this.#acted = true;
        this.flush();
        this.#actions.onClear(event.map);
        return;
      case 'zero':
        this.#acted = true;
        this.flush();
        this.#actions.onZero(event.map);
        return;
      case 'exit':
        this.flush();
        this.#exited = !this.#options.readsOn;
        this.#actions.onExit(viewOf(bytes).getInt32(EVENT_HEADER_BYTES, true));
        return;
      case 'system':
      case 'cat': {
        if (!this.#acting) {
          this.#read -= 1;
          return;
        }
        this.#acted = true;
        this.flush();
        const text = runHostAction(this.#schema, bytes, this.#options.redact);
        this.#actions.onFrame({
          kind: 'output',
          event: number,
          nsecs: viewOf(bytes).getBigUint64(0, true),
          text,
        });
        return;
      }
      default:
        for (const field of this.#named[number] ?? []) {
          this.#names.announce(field.type, bytes.subarray(field.offset), true);
        }
        this.#pending.push(this.#copies.copy(bytes));
        if (this.#pending.length >= FRAME_RECORDS) this.flush();
    }
  }

  /** Whether a record since the last question had this host do something, or go through a map, which takes long. */
  hasActed(): boolean {
    const acted = this.#acted;
    this.#acted = false;
    return acted;
  }

  /** Leaves undone what records from now on ask this host to do. */
  stopActing(): void {
    this.#acting = false;
  }

  /** Reads on after an exit or a stop: what the `end` programs send counts again. */
  resume(): void {
    this.#exited = false;
    this.#acting = true;
  }

  /** Sends the gathered events. */
  flush(): void {
    if (this.#pending.length === 0) return;
    this.#names.flush();
    this.#actions.onFrame({ kind: 'events', records: this.#pending });
    this.#pending = [];
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function fieldsOf(event: EventSchema): readonly EventField[] {
  if ('arguments' in event) return event.arguments;
  return event.kind === 'print-value' ? [event.value] : [];
}
