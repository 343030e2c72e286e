/**
 * The code that processes mapped, written down while they lived: what short-lived ones ran can still be told when they
 * are gone. It begins with the session; processes that live longer are asked themselves.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import {
  ProcessEvents,
  type CodeMapped,
  type KernelCalls,
  type ProcessEvent,
  type ProcessEventsOptions,
} from '@bpfleet/bpf';
import { MadeCode } from './made-code.ts';
import { parseProcessMaps, type Mapping } from './process-maps.ts';

/** Of so many that have ended what they had mapped is kept. */
const MAX_ENDED = 4096;
/** How many processes that run already are looked at, and how many at a time. */
const MAX_RUNNING = 4096;
const LOOKS_AT_ONCE = 16;
/** A process that maps more has lost its way, or makes code anew all the time. */
const MAX_MAPPINGS = 4096;

interface TimedMapping extends Mapping {
  readonly time: bigint;
}

export interface ProcessRecord {
  /** Of code, in the order in which it was mapped: the later is right where two overlap. */
  readonly mappings: readonly Mapping[];
  /** Who made it. */
  readonly parent: number | undefined;
  /** False for one that lived before and whose earlier mappings nobody saw. */
  readonly isWhole: boolean;
  /** Another number when it has mapped something or become another program. */
  readonly version: number;
}

interface Lived {
  mappings: readonly TimedMapping[];
  readonly parent: number | undefined;
  isWhole: boolean;
  version: number;
}

/** What the kernel tells of processes; here as far as it is needed. */
export interface ProcessEventSource extends Disposable {
  drain(): readonly ProcessEvent[];
}

export class ProcessHistory implements Disposable {
  readonly #source: ProcessEventSource;
  readonly #onEvents: (events: readonly ProcessEvent[]) => void;
  readonly #processes = new Map<number, Lived>();
  /** Of processes that ran before: lines of `/proc/PID/maps` about code. */
  readonly #running = new Map<number, string>();
  readonly #made = new MadeCode();
  #ended: number[] = [];
  #version = 0;
  #isOver = false;

  /** @param onEvents told of those that are new, after they are in the history */
  constructor(
    source: ProcessEventSource,
    onEvents: (events: readonly ProcessEvent[]) => void = () => undefined,
  ) {
    this.#source = source;
    this.#onEvents = onEvents;
  }

  /** Undefined where the kernel does not tell: then only processes that live can be asked. */
  static follow(
    calls: KernelCalls,
    machine: Pick<ProcessEventsOptions, 'cpus' | 'pageSize' | 'atOnce'>,
    onEvents?: (events: readonly ProcessEvent[]) => void,
  ): ProcessHistory | undefined {
    try {
      const onPlenty = (): void => history.update();
      const history: ProcessHistory = new ProcessHistory(
        new ProcessEvents(calls, { ...machine, onPlenty }),
        onEvents,
      );
      return history;
    } catch {
      return undefined;
    }
  }

  /** Takes in what happened since the last time. */
  update(): void {
    const events = this.#source.drain();
    if (events.length === 0) return;
    for (const event of events) this.#take(event);
    this.#onEvents(events);
  }

  find(pid: number): ProcessRecord | undefined {
    return this.#processes.get(pid) ?? this.#before(pid);
  }

  /** Of code that the process made; undefined where nobody saw that it makes some. */
  madeCode(pid: number): ReturnType<MadeCode['find']> {
    return this.#made.find(pid);
  }

  /** Looks at the processes that run already, a few at a time, for they may end. */
  async lookAtRunning(): Promise<void> {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    for (const [index, pid] of pids.slice(-MAX_RUNNING).entries()) {
      if (index % LOOKS_AT_ONCE === LOOKS_AT_ONCE - 1) await setImmediate();
      if (this.#isOver) return;
      const code = codeLines(Number(pid));
      if (code === '') continue;
      this.#running.set(Number(pid), code);
      for (const { path } of parseProcessMaps(code)) this.#made.mapped(Number(pid), path);
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#running.clear();
    this.#made[Symbol.dispose]();
    this.#source[Symbol.dispose]();
    this.#processes.clear();
  }

  #take(event: ProcessEvent): void {
    switch (event.kind) {
      case 'fork': {
        // It begins with what its parent has.
        const { mappings } = this.#process(event.parent);
        this.#made.forget(event.pid);
        this.#running.delete(event.pid);
        this.#processes.set(event.pid, {
          mappings,
          parent: event.parent,
          isWhole: true,
          version: ++this.#version,
        });
        return;
      }
      case 'exec': {
        const process = this.#process(event.pid);
        this.#made.forget(event.pid);
        process.mappings = process.mappings.filter(({ time }) => time >= event.time);
        process.isWhole = true;
        process.version = ++this.#version;
        return;
      }
      case 'map': {
        const process = this.#process(event.pid);
        this.#made.mapped(event.pid, event.path);
        if (process.mappings.length < MAX_MAPPINGS) {
          process.mappings = [...process.mappings, mappingOf(event)];
        }
        process.version = ++this.#version;
        return;
      }
      case 'exit':
        this.#made.ended(event.pid);
        if (!this.#processes.has(event.pid)) return;
        this.#ended.push(event.pid);
        if (this.#ended.length > 2 * MAX_ENDED) this.#forget();
    }
  }

  #process(pid: number): Lived {
    const known = this.#processes.get(pid) ?? this.#before(pid);
    if (known !== undefined) return known;
    // What it maps from now on is told.
    const living = livingMappings(pid).filter(({ executable }) => executable);
    return this.#begin(pid, living);
  }

  #before(pid: number): Lived | undefined {
    const text = this.#running.get(pid);
    if (text === undefined) return undefined;
    this.#running.delete(pid);
    return this.#begin(pid, parseProcessMaps(text));
  }

  #begin(pid: number, seen: readonly Mapping[]): Lived {
    const process = {
      mappings: seen.map((mapping) => ({ ...mapping, time: 0n })),
      parent: undefined,
      isWhole: seen.length > 0,
      version: ++this.#version,
    };
    this.#processes.set(pid, process);
    return process;
  }

  /** The older half of those that have ended. A number may have been given to another process since. */
  #forget(): void {
    const kept = new Set(this.#ended.slice(-MAX_ENDED));
    for (const pid of this.#ended.slice(0, -MAX_ENDED)) {
      if (!kept.has(pid) && livingMappings(pid).length === 0) this.#processes.delete(pid);
    }
    this.#ended = this.#ended.slice(-MAX_ENDED);
  }
}

/** Empty for a process that is gone, or not yet reaped. */
export function livingMappings(pid: number): readonly Mapping[] {
  try {
    return parseProcessMaps(readFileSync(`/proc/${pid}/maps`, 'utf8'));
  } catch {
    return [];
  }
}

function codeLines(pid: number): string {
  try {
    const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
    return lines.filter((line) => /^\S+ ..x/.test(line)).join('\n');
  } catch {
    return '';
  }
}

function mappingOf({ start, end, fileOffset, path, file, time }: CodeMapped): TimedMapping {
  const isFile = !path.startsWith('//');
  return { start, end, executable: true, fileOffset, path: isFile ? path : '', file, time };
}
