/** Everything a receiver must know to decode a session's maps and events; JSON, sent once, addressed by its hash. */
import type { EventSchema } from './event-schema.ts';
import type { MapSchema } from './map-schema.ts';

export interface Schema {
  readonly maps: readonly MapSchema[];
  /** A record's event number is its index here. */
  readonly events: readonly EventSchema[];
  readonly output: OutputConfig;
}

/** The config keys that shape output. */
export interface OutputConfig {
  readonly printMapsOnExit: boolean;
  /** Appended to strings that were cut. */
  readonly truncationTrailer: string;
  readonly maxCatBytes: number;
}
