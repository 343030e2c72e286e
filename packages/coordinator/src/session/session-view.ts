/**
 * What a session's frames say, once its hosts have told how to read them: each armed host brings its schema, and hosts
 * with other kernels may bring another one for the same program.
 */
import {
  FleetView,
  SequenceTracker,
  type Frame,
  type FrameHeader,
  type HostSummary,
  type MapItem,
  type MergeMode,
  type OutputItem,
  type Schema,
} from '@bpfleet/protocol';

/** Bounds what hostile reports can make a session remember. */
const MAX_SCHEMAS = 1_000;

interface Runner {
  readonly epoch: number;
  readonly sequences: SequenceTracker;
}

export class SessionView {
  readonly #merge: MergeMode;
  readonly #schemas = new Map<string, Schema>();
  readonly #runners = new Map<string, Runner>();
  #view: FleetView | undefined;

  constructor(merge: MergeMode) {
    this.#merge = merge;
  }

  /** By hash. */
  get schemas(): Readonly<Record<string, Schema>> {
    return Object.fromEntries(this.#schemas);
  }

  addSchema(hash: string, schema: Schema): void {
    if (this.#schemas.has(hash) || this.#schemas.size >= MAX_SCHEMAS) return;
    this.#schemas.set(hash, schema);
    this.#view ??= new FleetView(schema, { fleet: true, merge: this.#merge });
    this.#view.addSchema(hash, schema);
  }

  schemaOf({ schemaHash }: FrameHeader): Schema | undefined {
    return this.#schemas.get(schemaHash);
  }

  /** False for a frame that has been here before or belongs to a runner that was replaced: it says nothing new. */
  admits({ host, epoch, sequence }: FrameHeader): boolean {
    let runner = this.#runners.get(host);
    if (runner === undefined || runner.epoch < epoch) {
      runner = { epoch, sequences: new SequenceTracker() };
      this.#runners.set(host, runner);
    }
    return runner.epoch === epoch && runner.sequences.accept(sequence);
  }

  apply(header: FrameHeader, frame: Frame): void {
    this.#view?.apply(header, frame);
  }

  /** Printed maps wait for these, for a while. */
  setLiveHosts(hosts: readonly string[]): void {
    this.#view?.setLiveHosts(hosts);
  }

  /** What was printed before that fleet time, in its order. */
  release(beforeUnixNs: bigint, nowMs: number): readonly OutputItem[] {
    this.#view?.expire(nowMs);
    return this.#view?.release(beforeUnixNs) ?? [];
  }

  /** Everything that still waits. */
  flush(): readonly OutputItem[] {
    return this.#view?.flush() ?? [];
  }

  /** Merged, without those that are empty. */
  maps(): readonly MapItem[] {
    return this.#view?.maps() ?? [];
  }

  summary(host: string): HostSummary | undefined {
    return this.#view?.summary(host);
  }
}
