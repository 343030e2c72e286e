/**
 * Data frames: what a host's runner sends for one session, in order of `sequence`.
 *
 * Map frames carry absolute values, so that applying one twice, late or after a gap cannot miscount.
 */
import type { Cost } from '../api/cost.ts';
import type { LossCounts } from '../api/coverage.ts';
import type { MapValue } from '../value/value.ts';
import type { HostNamedType } from '../schema/value-type.ts';

export interface FrameHeader {
  readonly session: string;
  readonly host: string;
  /** SHA-256 of the schema's JSON, hex, first 16 characters. */
  readonly schemaHash: string;
  /** Grows with each runner of the session on this host: the place of its `armed` report in the stream. */
  readonly epoch: number;
  /** Counts frames of this epoch from 0. */
  readonly sequence: number;
  /** Added to a boot-clock time to give this host's Unix time, nanoseconds. */
  readonly bootToUnixNs: bigint;
}

export type Frame =
  | { readonly kind: 'events'; readonly records: readonly Uint8Array[] }
  /** Keys changed since the last frame of this window; a new window starts where the host clears the map. */
  | {
      readonly kind: 'map';
      readonly map: string;
      readonly window: number;
      /** Boot clock of the host when it had read the map; absent in frames of version 1. */
      readonly nsecs?: bigint;
      readonly entries: readonly RawMapEntry[];
      /** Keys deleted since the last frame of this window. */
      readonly deleted: readonly Uint8Array[];
    }
  /** The whole map at the moment of the host's `ordinal`-th (from 0) `print` of this event number. */
  | {
      readonly kind: 'print';
      readonly event: number;
      readonly ordinal: number;
      readonly nsecs: bigint;
      readonly entries: readonly RawMapEntry[];
      /** Further frames of the same print follow: it was too big for one. */
      readonly more?: boolean;
    }
  /** Names only this host knows, ahead of their first use. */
  | { readonly kind: 'names'; readonly names: readonly HostName[] }
  /** What `system` or `cat` printed on the host. */
  | {
      readonly kind: 'output';
      readonly event: number;
      readonly nsecs: bigint;
      readonly text: string;
    }
  /** Totals since the epoch began. */
  | {
      readonly kind: 'losses';
      readonly losses: LossCounts;
      /** Boot clock of the host when they were counted: nothing later is missing. Absent in frames of version 1. */
      readonly nsecs?: bigint;
    }
  /** Totals since the epoch began. */
  | { readonly kind: 'cost'; readonly cost: Cost }
  /** The last frame: the probes are detached, all maps have been sent. */
  | ({ readonly kind: 'end'; readonly exitCode: number } & Ending);

export interface Ending {
  readonly reason: EndReason;
  /** What there is to add: what of its budget a session exceeded. */
  readonly message?: string;
}

export type EndReason =
  'exit' | 'stopped' | 'duration' | 'lease' | 'probes-gone' | 'budget' | 'policy';

export interface RawMapEntry {
  /** As the kernel wrote it; empty for a scalar map. */
  readonly key: Uint8Array;
  readonly value: RawMapValue;
}

/** A map value summed over CPUs; plain values stay bytes. */
export type RawMapValue =
  Exclude<MapValue, { kind: 'plain' }> | { readonly kind: 'plain'; readonly bytes: Uint8Array };

export interface HostName {
  readonly type: HostNamedType['kind'];
  /** The value's bytes, as in keys and events. */
  readonly id: Uint8Array;
  /** One text; for stacks, the frames, innermost first. */
  readonly text: readonly string[];
}
