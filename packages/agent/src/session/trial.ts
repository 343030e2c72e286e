/** Programs of `test` and `bench` probes, which are run and not attached. */
import type { Program } from '@bpfleet/bpf';

/** A program of a `test` or `bench` probe. */
export interface TrialProgram {
  readonly name: string;
  readonly program: Program;
}

export interface TrialOutcome {
  /** What the last run returned. */
  readonly result: number;
  /** Of `exit()`; 0 without. */
  readonly exitCode: number;
  /** Of all runs, the calls of the kernel included. */
  readonly durationNs: bigint;
}
