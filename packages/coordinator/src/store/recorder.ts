/**
 * Writes one session's frames to the store, each exactly once: frames come in order of the stream, rows of a frame
 * are inserted together, and what a table already holds up to is known from the table itself.
 */
import {
  decodeEventHeader,
  decodeValue,
  EventItems,
  FrameCorrelation,
  NameTable,
  Correlator,
  valueText,
  type Correlation,
  type Frame,
  type FrameHeader,
  type MapSchema,
  type RawMapEntry,
} from '@bpfleet/protocol';
import type { BatchWriter, Row, Table } from './batch-writer.ts';
import { dateTime64, int64, uint64 } from './column-text.ts';
import { eventRows } from './event-rows.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import { spanRows } from './span-rows.ts';
import { EVENTS, LOSSES, MAP_POINTS, NAMES, PRINT_POINTS, SPANS } from './tables.ts';
import {
  deletedColumns,
  emptyColumns,
  hex,
  valueColumns,
  type EntryTexts,
} from './value-columns.ts';

export class SessionRecorder {
  readonly #session: string;
  readonly #writer: BatchWriter;
  readonly #stored: ReadonlyMap<string, number>;
  readonly #names = new Map<string, { readonly epoch: number; readonly table: NameTable }>();
  readonly #eventItems = new EventItems();

  readonly #correlation: FrameCorrelation;
  #lastSequence = 0;

  /**
   * @param stored by table, the last stream sequence of which it has this session's rows
   * @param correlation the spans that are to be found
   */
  constructor(
    session: string,
    writer: BatchWriter,
    stored: ReadonlyMap<string, number>,
    correlation?: Correlation,
  ) {
    const spans = correlation === undefined ? undefined : { ...correlation, joins: [] };
    this.#correlation = new FrameCorrelation(spans && new Correlator(spans));
    this.#session = session;
    this.#writer = writer;
    this.#stored = stored;
  }

  /** Resolves when there is room for more. */
  async record(recorded: RecordedFrame): Promise<void> {
    const { header, frame, streamSequence } = recorded;
    const loss = this.#correlation.frame(header, frame);
    this.#lastSequence = streamSequence;
    await this.#recordFrame(recorded);
    if (frame.kind === 'end') this.#correlation.settle(header.host);
    if (loss !== undefined) {
      await this.#add(LOSSES, recorded, () => [
        [
          ...[this.#session, loss.host, dateTime64(loss.fromNs), dateTime64(loss.toNs)],
          ...[loss.count, header.epoch, header.sequence, streamSequence],
        ],
      ]);
    }
    const made = this.#correlation.take();
    if (made.length > 0) {
      await this.#add(SPANS, recorded, () => spanRows(made, streamSequence));
    }
  }

  /** No frames come any more: spans that wait for the order of their host's events are whole. */
  async finish(): Promise<void> {
    this.#correlation.settle();
    const rows = spanRows(this.#correlation.take(), this.#lastSequence);
    if (rows.length === 0) return;
    // A group of its own, which no other batch can be taken for.
    const session = `${this.#session}/end`;
    await this.#writer.add(SPANS, { session, streamSequence: this.#lastSequence, rows });
  }

  async #recordFrame(recorded: RecordedFrame): Promise<void> {
    const { frame } = recorded;
    switch (frame.kind) {
      case 'events':
      case 'output':
        return this.#recordEvents(recorded);
      case 'map': {
        const { host, epoch } = recorded.header;
        const keys = [...frame.entries.map(({ key }) => key), ...frame.deleted].map(hex);
        // What a map was a second ago is history of its own.
        const second = mapUnixNs(recorded, frame) / 1_000_000_000n;
        const place = `${host} ${epoch} ${frame.map} ${frame.window} ${second}`;
        const ids = keys.map((key) => `${place} ${key}`);
        return this.#add(MAP_POINTS, recorded, () => this.#mapRows(recorded, frame), ids);
      }
      case 'print':
        return this.#add(PRINT_POINTS, recorded, () => this.#printRows(recorded, frame));
      case 'names':
        this.#dictionary(recorded.header).add(frame.names);
        return this.#add(NAMES, recorded, () => this.#nameRows(recorded, frame));
      case 'losses':
      case 'cost':
      case 'end':
        return undefined;
    }
  }

  async #recordEvents(recorded: RecordedFrame): Promise<void> {
    const { header, frame } = recorded;
    const reading = {
      items: this.#eventItems,
      names: this.#dictionary(header).lookup,
      correlation: this.#correlation,
    };
    if (!this.#has(EVENTS, recorded)) {
      return this.#add(EVENTS, recorded, () => eventRows(recorded, reading));
    }
    // What comes after it may end spans that it begins.
    if (this.#correlation.correlator !== undefined) eventRows(recorded, reading);
    else if (frame.kind === 'events') {
      for (const record of frame.records) {
        const nsecs = decodeEventHeader(record)?.nsecs ?? 0n;
        this.#correlation.noteTime(header.host, nsecs + header.bootToUnixNs);
      }
    }
  }

  #has(table: Table, { streamSequence }: RecordedFrame): boolean {
    return streamSequence <= (this.#stored.get(table.name) ?? 0);
  }

  async #add(
    table: Table,
    recorded: RecordedFrame,
    makeRows: () => Row[],
    ids?: readonly string[],
  ): Promise<void> {
    if (this.#has(table, recorded)) return;
    const { header, streamSequence } = recorded;
    const rows = makeRows();
    if (rows.length === 0) return;
    await this.#writer.add(table, {
      session: this.#session,
      streamSequence,
      rows,
      ...(ids !== undefined && {
        latest: { version: header.sequence, keys: ids.map((id) => `${this.#session} ${id}`) },
      }),
    });
  }

  #mapRows(recorded: RecordedFrame, frame: Frame & { kind: 'map' }): Row[] {
    const { header, schema, streamSequence } = recorded;
    const map = schema.maps.find(({ name }) => name === frame.map);
    if (map === undefined) return [];
    const at = dateTime64(mapUnixNs(recorded, frame));
    const start = [this.#session, header.host, header.epoch, map.name, frame.window, at];
    const end = [header.sequence, streamSequence];
    if (frame.entries.length + frame.deleted.length === 0) {
      return [[...start, ...emptyColumns(map.value.kind, header.schemaHash), true, ...end]];
    }
    return [
      ...frame.entries.map((entry) => [
        ...start,
        ...valueColumns(entry, this.#texts(recorded, map, entry), header.schemaHash),
        false,
        ...end,
      ]),
      ...frame.deleted.map((key) => [
        ...start,
        ...deletedColumns(
          key,
          this.#keyText(recorded, map, key),
          map.value.kind,
          header.schemaHash,
        ),
        true,
        ...end,
      ]),
    ];
  }

  #printRows(recorded: RecordedFrame, frame: Frame & { kind: 'print' }): Row[] {
    const { header, schema, streamSequence } = recorded;
    const event = schema.events[frame.event];
    if (event?.kind !== 'print-map') return [];
    const map = schema.maps.find(({ name }) => name === event.map);
    if (map === undefined) return [];
    return frame.entries.map((entry) => [
      this.#session,
      header.host,
      header.epoch,
      frame.event,
      frame.ordinal,
      uint64(frame.nsecs),
      int64(header.bootToUnixNs),
      ...valueColumns(entry, this.#texts(recorded, map, entry), header.schemaHash),
      header.sequence,
      streamSequence,
    ]);
  }

  #nameRows({ header, streamSequence }: RecordedFrame, frame: Frame & { kind: 'names' }): Row[] {
    return frame.names.map(({ type, id, text }) => [
      this.#session,
      header.host,
      header.epoch,
      type,
      hex(id),
      text,
      header.schemaHash,
      header.sequence,
      streamSequence,
    ]);
  }

  #texts(recorded: RecordedFrame, map: MapSchema, { key, value }: RawMapEntry): EntryTexts {
    return {
      key: this.#keyText(recorded, map, key),
      value:
        value.kind === 'plain' && map.value.kind === 'plain'
          ? valueText(map.value.type, this.#decode(recorded, map.value.type, value.bytes))
          : '',
    };
  }

  #keyText(recorded: RecordedFrame, map: MapSchema, key: Uint8Array): string {
    return map.key === undefined ? '' : valueText(map.key, this.#decode(recorded, map.key, key));
  }

  #decode(
    { header, schema }: RecordedFrame,
    type: Parameters<typeof decodeValue>[0],
    bytes: Uint8Array,
  ): ReturnType<typeof decodeValue> {
    return decodeValue(type, bytes, this.#dictionary(header).lookup, {
      bootToUnixNs: header.bootToUnixNs,
      truncationTrailer: schema.output.truncationTrailer,
    });
  }

  /** Of the host's newest runner: frames of earlier ones do not come any more. */
  #dictionary({ host, epoch }: FrameHeader): NameTable {
    const known = this.#names.get(host);
    if (known?.epoch === epoch) return known.table;
    const table = new NameTable();
    this.#names.set(host, { epoch, table });
    return table;
  }
}

/** 0 for a frame that does not say. */
function mapUnixNs({ header }: RecordedFrame, { nsecs }: Frame & { kind: 'map' }): bigint {
  return nsecs === undefined ? 0n : nsecs + header.bootToUnixNs;
}
