/** What simulated hosts count and print, and how its truth is told from what the coordinator says. */
import { compile, renderDiagnostics, Source } from '@bpfleet/lang';
import type { FrameHeader, OutputItem, Schema } from '@bpfleet/protocol';
import { lockedDown } from '../../packages/lang/test/targets/targets.ts';

/** A host by its number, and how many rounds of it have been sent or seen. */
export type Rounds = readonly number[];

export interface RoundSpan {
  readonly first: number;
  readonly last: number;
}

/** One host's round, as far as the coordinator shows it. */
export interface Seen {
  readonly host: number;
  readonly round: number;
}

export interface Load {
  readonly program: string;
  readonly schema: Schema;
  /** Between two rounds of one host. */
  readonly intervalMs: number;
  /** What is sent in a round of one host, and counted: frames or lines. */
  readonly unit: 'frames' | 'lines';
  /**
   * What a host sends for rounds that are due, the first of them from 0, encoded: what waits goes into one frame, as with
   * agents.
   */
  frame(host: number, rounds: RoundSpan, header: FrameHeader): Uint8Array;
  /** How many units such a frame has. */
  units(rounds: RoundSpan): number;
  /** What a message of the session's stream shows; each round counts when it is seen first. */
  seen(message: string): Iterable<Seen>;
  /** How the answer differs from what was sent; empty when it is exact. */
  faults(answer: Answer, sent: Rounds): readonly string[];
}

export interface Answer {
  readonly maps: readonly OutputItem[];
  readonly lost: number;
  /** Lines that readers were told they had not been given. */
  readonly unread: number;
}

/** Programs whose probes need nothing looked up are the same on every machine. */
export function compiledSchema(program: string): Schema {
  const options = { parameters: [], environment: {}, unsafe: false };
  const result = compile(new Source('simulation', program), lockedDown, options);
  if (!result.ok) throw new Error(renderDiagnostics(result.diagnostics));
  return result.spec.schema;
}
