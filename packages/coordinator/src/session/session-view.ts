/**
 * What a session's frames say, once its hosts have told how to read them: each armed host brings its schema, and hosts
 * with other kernels may bring another one for the same program.
 */
import {
  differenceInMeaning,
  FleetView,
  NO_COST,
  NO_LOSSES,
  type Correlator,
  type Frame,
  type FrameCorrelation,
  type FrameHeader,
  type HostSummary,
  type LeftBehind,
  type MapItem,
  type MergeMode,
  type OutputItem,
  type Schema,
} from '@bpfleet/protocol';
import { RunnerSequences } from './runner-sequences.ts';

/** Bounds what hostile reports can make a session remember; the second, what one host can take from the others. */
const MAX_SCHEMAS = 256;
const MAX_SCHEMAS_OF_HOST = 4;

const NOTHING_HEARD: HostSummary = {
  losses: NO_LOSSES,
  cost: NO_COST,
  end: undefined,
  latePrints: 0,
};

export class SessionView {
  readonly #merge: MergeMode;
  #reference: string | undefined;
  /** By host, the hash of its schema. */
  readonly #armed = new Map<string, string>();
  #liveHosts: readonly string[] = [];
  #selectedHosts = 0;
  readonly #schemas = new Map<string, Schema>();
  /** By host, how many schemas it was the first to bring. */
  readonly #brought = new Map<string, number>();
  readonly #sequences = new RunnerSequences();
  /** By host, frames that cannot be read. */
  readonly #refused = new Map<string, number>();
  /** By host, what its runner left that was killed last. */
  readonly #left = new Map<string, LeftBehind>();
  /** By hash, why maps of a schema cannot be merged with those of the reference. */
  readonly #reasons = new Map<string, string | undefined>();
  #view: FleetView | undefined;
  readonly #correlate: (() => FrameCorrelation) | undefined;
  #correlation: FrameCorrelation | undefined;

  /**
   * @param reference hash of the schema that says what the maps mean, where it was chosen before
   * @param correlate makes what finds the spans and pairs that were asked for
   */
  constructor(merge: MergeMode, reference?: string, correlate?: () => FrameCorrelation) {
    this.#merge = merge;
    this.#correlate = correlate;
    this.#reference = reference;
  }

  /** The schema that says what the maps mean, once it is known. */
  get schema(): Schema | undefined {
    return this.#schemas.get(this.#reference ?? '');
  }

  /** By hash; first the one that says what the maps mean. */
  get schemas(): Readonly<Record<string, Schema>> {
    const rank = (hash: string): number => (hash === this.#reference ? 0 : 1);
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => rank(a) - rank(b)));
  }

  /** The host reads the program so. */
  arm(host: string, hash: string, schema: Schema): void {
    this.#armed.set(host, hash);
    if (this.#schemas.has(hash) || this.#schemas.size >= MAX_SCHEMAS) return;
    const broughtByHost = this.#brought.get(host) ?? 0;
    if (broughtByHost >= MAX_SCHEMAS_OF_HOST) return;
    this.#brought.set(host, broughtByHost + 1);
    this.#schemas.set(hash, schema);
    if (hash === this.#reference) this.#open(schema);
    else this.#view?.addSchema(hash, schema);
  }

  /** What most hosts mean is what the maps of the session mean: the hash of their schema. Undefined without any host. */
  chooseReference(): string | undefined {
    const known = [...this.#armed.values()].filter((hash) => this.#schemas.has(hash));
    const hosts = new Map<string, number>();
    for (const hash of known) hosts.set(hash, (hosts.get(hash) ?? 0) + 1);
    const [[first] = []] = [...hosts].toSorted(
      ([a, hostsOfA], [b, hostsOfB]) => hostsOfB - hostsOfA || (a < b ? -1 : 1),
    );
    const schema = first === undefined ? undefined : this.#schemas.get(first);
    if (schema === undefined) return undefined;
    this.#reference = first;
    this.#open(schema);
    return first;
  }

  /** Chosen by another coordinator: the hash of the schema that says what the maps mean. */
  setReference(hash: string): void {
    if (this.#reference === hash) return;
    this.#reference = hash;
    const schema = this.#schemas.get(hash);
    if (schema !== undefined) this.#open(schema);
  }

  /** Hosts whose maps cannot be merged into the session's, and why. */
  mismatches(): readonly (readonly [host: string, reason: string])[] {
    const reference = this.#schemas.get(this.#reference ?? '');
    if (reference === undefined) return [];
    for (const [hash, schema] of this.#schemas) {
      if (!this.#reasons.has(hash)) this.#reasons.set(hash, differenceInMeaning(reference, schema));
    }
    return [...this.#armed].flatMap(([host, hash]) => {
      const reason = this.#reasons.get(hash);
      return reason === undefined ? [] : [[host, reason] as const];
    });
  }

  schemaOf({ schemaHash }: FrameHeader): Schema | undefined {
    return this.#schemas.get(schemaHash);
  }

  /** False for a frame that has been here before or belongs to a runner that was replaced: it says nothing new. */
  admits(header: FrameHeader): boolean {
    return this.#sequences.admits(header);
  }

  apply(header: FrameHeader, frame: Frame): void {
    this.#view?.apply(header, frame);
  }

  /** The host's runner was killed. */
  leave(host: string, left: LeftBehind | undefined): void {
    if (left === undefined || !this.#armed.has(host)) return;
    this.#left.set(host, left);
    this.#view?.leave(host, left);
  }

  /** Printed maps wait for the live ones, for a while, and say on how many of all selected they rest. */
  setHosts(live: readonly string[], selected: number): void {
    this.#liveHosts = live;
    this.#selectedHosts = selected;
    this.#view?.setLiveHosts(live, selected);
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

  /** What became of the spans and joins so far; undefined where none were asked for. */
  get correlator(): Correlator | undefined {
    return this.#correlation?.correlator;
  }

  /** A frame of the host cannot be read: its schema was one too many, or never came. */
  refuse(host: string): void {
    this.#refused.set(host, (this.#refused.get(host) ?? 0) + 1);
  }

  summary(host: string): HostSummary | undefined {
    const summary = this.#view?.summary(host);
    const refused = this.#refused.get(host);
    if (refused === undefined) return summary;
    const { losses } = summary ?? NOTHING_HEARD;
    const coordinator = losses.coordinator + refused;
    return { ...NOTHING_HEARD, ...summary, losses: { ...losses, coordinator } };
  }

  #open(reference: Schema): void {
    this.#reasons.clear();
    const correlation = this.#correlate?.();
    this.#correlation = correlation;
    this.#view = new FleetView(reference, {
      fleet: true,
      merge: this.#merge,
      ...(correlation !== undefined && { correlation }),
    });
    for (const [hash, schema] of this.#schemas) this.#view.addSchema(hash, schema);
    for (const [host, left] of this.#left) this.#view.leave(host, left);
    this.#view.setLiveHosts(this.#liveHosts, this.#selectedHosts);
  }
}
