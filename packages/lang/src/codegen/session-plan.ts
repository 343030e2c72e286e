/** What the programs of a session share: kernel maps and the list of events, gathered while they are lowered. */
import type { MapSpec } from '@bpfleet/bpf/asm';
import {
  bytesPerFrame,
  type EventSchema,
  type MapSchema,
  type SourcePosition,
} from '@bpfleet/protocol';
import type { CheckedProbe, CheckedProgram } from '../analysis/checked-program.ts';
import { KERNEL_MAPS, type AttachSpec } from '../session-spec.ts';
import type { Block } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import { UNWIND } from '../unwind-layout.ts';
import { layOutMap, type MapLayout } from './map-layout.ts';
import { mapNames } from './map-names.ts';
import { packetRingBytes, ringBytes } from './ring-size.ts';

const BPF_F_NO_PREALLOC = 1;
/** Distinct stacks that a session keeps: of those whose memory is taken when they come, and when the session begins. */
const STACK_ENTRIES = 1 << 17;
const PREALLOCATED_STACKS = 1 << 15;
const LOSSES_BYTES = 24;
/** More than any architecture has system calls. */
const CALL_NUMBERS = 1024;

/** The agent knows how many rows there are. */
const UNWIND_MAPS: readonly MapSpec[] = [
  {
    name: KERNEL_MAPS.unwindMappings,
    type: 'hash',
    keySize: 4,
    valueSize: UNWIND.mappingsPerProcess * UNWIND.mappingBytes,
    maxEntries: UNWIND.processes,
    flags: 0,
  },
  {
    name: KERNEL_MAPS.unwindRows,
    type: 'array',
    keySize: 4,
    valueSize: UNWIND.rowsPerBlock * UNWIND.rowBytes,
    maxEntries: 1,
    flags: 0,
  },
];

/** Preallocated, since perf events may use no other hash maps before Linux 6.1. */
const CGROUPS: MapSpec = {
  name: KERNEL_MAPS.cgroups,
  type: 'hash',
  keySize: 8,
  valueSize: 8,
  maxEntries: 1 << 14,
  flags: 0,
};

/** `PCPU_MIN_UNIT_SIZE` of the kernel. */
const MAX_PER_CPU_BYTES = 32 * 1024;

/** Scratch too big for a per-CPU array has so many elements of a plain one for each program as there are CPUs. */
export type ScratchType = 'percpu_array' | 'array';

export class SessionPlan {
  readonly scratchMap = 'scratch';
  readonly zerosMap = 'zeros';
  readonly startedMap = 'started';
  readonly exitedMap = 'exited';
  /** Whether a probe that runs again and again calls `exit()`: then it is told to stop at once. */
  readonly exits: boolean;
  readonly scratchType: ScratchType;
  readonly #program: CheckedProgram;
  readonly #layouts: ReadonlyMap<string, MapLayout>;
  readonly #events: EventSchema[] = [];
  readonly #eventNumbers = new Map<string, number>();
  readonly #tables = new Map<string, Uint8Array>();
  readonly #packetFiles: string[] = [];
  readonly #scratchIndices = new Map<CheckedProbe, number>();
  readonly #partTables = new Map<CheckedProbe, MapSpec>();
  #scratchEntries = 0;
  #scratchBytes = 0;
  #zerosBytes = 0;
  #usesStacks = false;
  #usesUnwinding = false;
  #usesContainers = false;
  #usesStarted = false;

  constructor(program: CheckedProgram, scratchType: ScratchType = 'percpu_array') {
    this.#program = program;
    this.scratchType = scratchType;
    const functions = [...program.functions.values()];
    this.exits = program.probes.some(
      ({ attach, body }) =>
        isAttached(attach) && [body, ...functions.map((own) => own.body)].some(callsExit),
    );
    const names = mapNames([...program.maps.keys()]);
    const inPerfEvent = program.probes.some(({ context }) => context === 'perf_event');
    this.#layouts = new Map(
      [...program.maps].map(([name, plan]) => [
        name,
        layOutMap(plan, names.get(name) ?? name, inPerfEvent),
      ]),
    );
  }

  get events(): readonly EventSchema[] {
    return this.#events;
  }

  get mapSchemas(): readonly MapSchema[] {
    return [...this.#layouts.values()].map(({ schema }) => schema);
  }

  get usesStacks(): boolean {
    return this.#usesStacks;
  }

  get usesContainers(): boolean {
    return this.#usesContainers;
  }

  get usesUnwinding(): boolean {
    return this.#usesUnwinding;
  }

  get usesStarted(): boolean {
    return this.#usesStarted;
  }

  map(name: string): MapLayout {
    const found = this.#layouts.get(name);
    if (found === undefined) throw new TypeError(`no plan for map ${name}`);
    return found;
  }

  /** The event's number; the clones of one body share theirs. */
  addEvent(event: EventSchema): number {
    const key = eventKey(event);
    const known = this.#eventNumbers.get(key);
    if (known !== undefined) return known;
    this.#eventNumbers.set(key, this.#events.length);
    this.#events.push(event);
    return this.#events.length - 1;
  }

  /** The first of so many elements of the `scratch` map, which are the probe's. */
  scratchIndex(probe: CheckedProbe, count: number): number {
    const known = this.#scratchIndices.get(probe);
    if (known !== undefined) return known;
    const first = this.#scratchEntries;
    this.#scratchIndices.set(probe, first);
    this.#scratchEntries += count;
    return first;
  }

  /** The table by which the parts of a probe's body go on to each other. */
  partTable(probe: CheckedProbe, count: number): string {
    const known = this.#partTables.get(probe);
    if (known !== undefined) return known.name;
    const name = `parts_${this.#partTables.size}`;
    const table = { ...single(name, 'prog_array', 4), maxEntries: count };
    this.#partTables.set(probe, table);
    return name;
  }

  /** Whether this is the wrong type of scratch for the programs that were lowered. */
  get exceedsScratch(): boolean {
    return this.scratchType === 'percpu_array' && this.#scratchBytes > MAX_PER_CPU_BYTES;
  }

  needScratch(sizeBytes: number): void {
    this.#scratchBytes = Math.max(this.#scratchBytes, sizeBytes);
  }

  /** So many zero bytes to read: the first value of map elements. */
  needZeros(sizeBytes: number): void {
    this.#zerosBytes = Math.max(this.#zerosBytes, sizeBytes);
  }

  needUnwinding(): void {
    this.#usesUnwinding = true;
  }

  needContainers(): void {
    this.#usesContainers = true;
  }

  needStacks(): void {
    this.#usesStacks = true;
  }

  /** An element of `stacks`: the number of frames, and room for the largest stack any program takes. */
  get stackBytes(): number {
    let frames = 0;
    for (const type of this.#program.types.values()) {
      if (type.kind !== 'kstack' && type.kind !== 'ustack') continue;
      frames = Math.max(frames, type.limit * bytesPerFrame(type.mode));
    }
    return 8 + frames;
  }

  /** The name of a read-only map of these bytes. */
  addText(bytes: Uint8Array): string {
    const known = [...this.#tables].find(([, other]) => sameBytes(bytes, other));
    const name = known?.[0] ?? `text_${this.#tables.size}`;
    this.#tables.set(name, bytes);
    return name;
  }

  /** The number of a file of packets. */
  addPacketFile(path: string): number {
    const known = this.#packetFiles.indexOf(path);
    return known === -1 ? this.#packetFiles.push(path) - 1 : known;
  }

  get packetFiles(): readonly string[] {
    return this.#packetFiles;
  }

  /** A read-only map of these bytes. */
  needTable(name: string, contents: Uint8Array): void {
    this.#tables.set(name, contents);
  }

  /** The boot clock when the session began, for `elapsed`. */
  needStarted(): void {
    this.#usesStarted = true;
  }

  /** All kernel maps; complete when all programs are lowered. */
  mapSpecs(): MapSpec[] {
    return [
      ...[...this.#layouts.values()].map(({ spec }) => spec),
      this.#ring(),
      single(KERNEL_MAPS.losses, 'percpu_array', LOSSES_BYTES),
      ...(this.#usesStacks ? [this.#stacks()] : []),
      ...(this.#packetFiles.length > 0 ? [this.#packets()] : []),
      ...(this.#usesUnwinding ? UNWIND_MAPS : []),
      ...(this.#program.target.cgroupFilter === true ? [CGROUPS] : []),
      ...(this.#scratchBytes > 0 ? [this.#scratch()] : []),
      ...(this.#zerosBytes > 0 ? [single(this.zerosMap, 'array', this.#zerosBytes)] : []),
      ...[...this.#tables].map(([name, contents]) => table(name, contents)),
      ...(this.exits ? [single(this.exitedMap, 'array', 8)] : []),
      ...(this.#usesStarted ? [single(this.startedMap, 'array', 8)] : []),
      ...this.#callTables(),
      ...this.#partTables.values(),
    ];
  }

  #ring(): MapSpec {
    const { config, target } = this.#program;
    return {
      name: KERNEL_MAPS.ring,
      type: 'ringbuf',
      keySize: 0,
      valueSize: 0,
      maxEntries: ringBytes(config.perfRbPages, target.pageSize, this.#events.length > 0),
      flags: 0,
    };
  }

  #packets(): MapSpec {
    const { config, target } = this.#program;
    return {
      name: KERNEL_MAPS.packets,
      type: 'perf_event_array',
      keySize: 4,
      valueSize: 4,
      maxEntries: packetRingBytes(config.perfRbPages, target.pageSize),
      flags: 0,
    };
  }

  /** Perf events may only use preallocated hash maps before Linux 6.1. */
  #stacks(): MapSpec {
    const inPerfEvent = this.#program.probes.some(({ context }) => context === 'perf_event');
    return {
      name: KERNEL_MAPS.stacks,
      type: 'hash',
      keySize: 8,
      valueSize: this.stackBytes,
      maxEntries: inPerfEvent ? PREALLOCATED_STACKS : STACK_ENTRIES,
      flags: inPerfEvent ? 0 : BPF_F_NO_PREALLOC,
    };
  }

  /** Of programs, by the numbers of system calls. */
  #callTables(): readonly MapSpec[] {
    const tables = new Map<string, MapSpec>();
    for (const { attach } of this.#program.probes) {
      if (attach.kind !== 'system-calls') continue;
      const table = { ...single(attach.map, 'prog_array', 4), maxEntries: CALL_NUMBERS };
      tables.set(attach.map, table);
    }
    return [...tables.values()];
  }

  #scratch(): MapSpec {
    const whole = single(this.scratchMap, this.scratchType, this.#scratchBytes);
    const copies = this.scratchType === 'array' ? this.#program.target.possibleCpus : 1;
    return { ...whole, maxEntries: this.#scratchEntries * copies };
  }
}

/** Tells events apart; the line of text at a place is left out, which may be all of a program and in each of its events. */
function eventKey(event: EventSchema): string {
  if (!('at' in event)) return JSON.stringify(event);
  const { at, ...rest } = event;
  return JSON.stringify([rest, placesOf(at)]);
}

function placesOf(at: SourcePosition): readonly unknown[] {
  const { file, line, column, endLine, endColumn, expandedFrom = [] } = at;
  return [file, line, column, endLine, endColumn, ...expandedFrom.map(placesOf)];
}

function isAttached({ kind }: AttachSpec): boolean {
  return !['begin', 'end', 'test', 'bench'].includes(kind);
}

function callsExit(body: Block): boolean {
  let found = false;
  walk(body, {
    enter: (node) => {
      found ||= node.kind === 'call' && node.callee === 'exit';
    },
  });
  return found;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function table(name: string, initial: Uint8Array): MapSpec {
  return { ...single(name, 'array', initial.length), initial, frozen: true };
}

function single(name: string, type: MapSpec['type'], valueSize: number): MapSpec {
  return { name, type, keySize: 4, valueSize, maxEntries: 1, flags: 0 };
}
