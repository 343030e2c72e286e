/** What the simulation and the processes of its hosts say to each other. */
import type { LoadSpec } from './loads.ts';

export type ToHosts =
  | {
      readonly kind: 'start';
      readonly nats: string;
      /** Number of the first. */
      readonly first: number;
      readonly count: number;
      readonly load: LoadSpec;
    }
  | { readonly kind: 'close' };

/** `atMs`: milliseconds since 1970, with a fraction. */
export interface StoredRound {
  readonly host: number;
  readonly round: number;
  /** Frames or lines that were sent with it. */
  readonly units: number;
  readonly atMs: number;
  /** From when it was due until the stream had it, milliseconds. */
  readonly lateMs: number;
}

export type FromHosts =
  | { readonly kind: 'connected' }
  /** The stream has them now. */
  | { readonly kind: 'stored'; readonly rounds: readonly StoredRound[] };

/** The same clock in all processes of one machine. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}
