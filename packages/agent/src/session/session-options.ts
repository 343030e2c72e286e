/** What a session is given: its machine, and who takes what it finds. */
import type { AttachError, BpfMap, Fd } from '@bpfleet/bpf';
import type { Frame } from '@bpfleet/protocol';
import type { LoadOptions } from './kernel-objects.ts';
import type { NameSource } from './name-source.ts';
import type { ReadTally } from './read-tally.ts';

/** The machine a session runs on. */
export interface SessionMachine extends LoadOptions {
  readonly onlineCpus: readonly number[];
  readonly pageSize: number;
  /** Names of addresses and users on this host. */
  readonly names: NameSource;
}

export interface SessionOptions {
  readonly onFrame: (frame: Frame) => void;
  /** Events the receiver of frames has dropped so far. */
  readonly queueDropped: () => number;
  /** Maps that were sent still wait for their receiver: what changes meanwhile can wait as well. */
  readonly isBehind?: () => boolean;
  /** Send changed map keys this often, milliseconds; never before the end when absent. */
  readonly mapIntervalMs?: number;
  /** Written before room in the ring is given back. */
  readonly tally?: ReadTally;
  /** Send what the programs cost, as often as changed map keys and at the end. */
  readonly measureCost?: boolean;
  /** Also send plain maps whose keys or values mean something on this host only. */
  readonly scratchMaps: boolean;
  /** Keeps the map of control groups current; called once the session is loaded. */
  readonly filterCgroups?: (map: BpfMap) => Disposable;
  /** What `system()` and `cat()` print does not leave this host, nor does a command see text that did not. */
  readonly redact?: boolean;
  readonly verbose?: (line: string) => void;
  /** What the program of an iterator has written to whoever reads it. */
  readonly onIterated?: (bytes: Uint8Array) => void;
  /** A probe that cannot be attached, where the program wants to go on without (`missing_probes = "warn"`). */
  readonly onRefused?: (error: AttachError) => void;
  /** The programs do not run any more; what is left to do is to read and to print. */
  readonly onEnding?: () => void;
  /** Takes what is left of stopped probes to close it; without, disposing of the session waits for the kernel. */
  readonly giveBack?: (events: readonly Fd[]) => void;
  /** Where debug information of programs may be, beside the usual places. */
  readonly debugDirectories?: readonly string[];
  /** Processes whose stacks `dw_ustack` can unwind. */
  readonly unwoundPids?: readonly number[];
}
