/** A program compiled for this kernel and loaded, to be run by hand: its maps and events can be read. */
import assert from 'node:assert/strict';
import {
  BpfMap,
  Features,
  openKernel,
  Program,
  readHost,
  RingBuffer,
  type KernelCalls,
} from '@bpfleet/bpf';
import {
  compile,
  renderDiagnostics,
  Source,
  type SessionSpec,
  type TargetFeatures,
} from '@bpfleet/lang';
import { decodeEvent, noNames, type DecodedEvent, type MapSchema } from '@bpfleet/protocol';
import { targetFeatures } from '../../packages/agent/src/target/features.ts';
import { lockedDown } from '../../packages/lang/test/targets/targets.ts';

let here: TargetFeatures | undefined;

/** Of this kernel, asked once. */
function featuresHere(): TargetFeatures {
  here ??= { ...targetFeatures(new Features(openKernel(), readHost().kernelRelease)) };
  return here;
}

/** Compiles programs whose probes need nothing looked up, such as `BEGIN`. */
export function compileHere(text: string, features: Partial<TargetFeatures> = {}): SessionSpec {
  const host = readHost();
  const target = {
    ...lockedDown,
    possibleCpus: host.possibleCpus,
    onlineCpus: host.onlineCpus,
    features: { ...featuresHere(), ...features },
  };
  const options = { parameters: [], environment: {}, unsafe: false };
  const result = compile(new Source('stdin', text), target, options);
  if (!result.ok) return assert.fail(renderDiagnostics(result.diagnostics));
  return result.spec;
}

export class CompiledProgram {
  readonly spec: SessionSpec;
  readonly cpus: number = readHost().possibleCpus;
  readonly #calls: KernelCalls = openKernel();
  readonly #maps = new Map<string, BpfMap>();
  readonly #programs: Program[] = [];

  constructor(text: string, features: Partial<TargetFeatures> = {}) {
    this.spec = compileHere(text, features);
    const { possibleCpus } = readHost();
    try {
      for (const map of this.spec.maps) {
        this.#maps.set(map.name, BpfMap.create(map, this.#calls, possibleCpus));
      }
      for (const { program } of this.spec.programs) {
        const mapFd = (name: string): number => this.#mapNamed(name).fd.number;
        this.#programs.push(Program.load(program, { calls: this.#calls, mapFd }));
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Runs all programs once, in their order. */
  run(): void {
    for (const program of this.#programs) program.testRun();
  }

  schema(name: string): MapSchema {
    return this.spec.schema.maps.find((map) => map.name === name) ?? assert.fail(`no ${name}`);
  }

  /** A map's entries: keys as hex, values as the bytes of all CPUs. */
  entries(name: string): ReadonlyMap<string, Uint8Array> {
    const map = this.#mapNamed(this.schema(name).kernelMap);
    return new Map(
      [...map.entries()].map(({ key, value }) => [Buffer.from(key).toString('hex'), value]),
    );
  }

  /** The plain integers of a map with one integer key. */
  integers(name: string): ReadonlyMap<bigint, bigint> {
    const map = this.#mapNamed(this.schema(name).kernelMap);
    return new Map(
      [...map.entries()].map(({ key, value }) => [littleEndian(key), littleEndian(value)]),
    );
  }

  /** The value of a plain integer map without keys, as signed. */
  integer(name: string): bigint {
    return BigInt.asIntN(64, first(this.integers(name).values()));
  }

  /** Words of a per-CPU map's one element, added up over the CPUs. */
  sums(name: string): bigint[] {
    const map = this.#mapNamed(this.schema(name).kernelMap);
    const value = map.lookup(new Uint8Array(4)) ?? assert.fail(`${name} has no element`);
    return sumSlots(value, map.slotSize);
  }

  losses(): {
    readonly ringFull: bigint;
    readonly mapUpdates: bigint;
    readonly scratchBusy: bigint;
  } {
    const map = this.#mapNamed('losses');
    const value = map.lookup(new Uint8Array(4)) ?? assert.fail('losses has no element');
    const [ringFull = 0n, mapUpdates = 0n, scratchBusy = 0n] = sumSlots(value, map.slotSize);
    return { ringFull, mapUpdates, scratchBusy };
  }

  /** The first words of the elements of `scratch`, of all CPUs: those that say which are in use. */
  get busyWords(): bigint[] {
    const map = this.#mapNamed('scratch');
    return Array.from({ length: map.spec.maxEntries }, (_, index) => {
      const value = map.lookup(elementKey(index)) ?? assert.fail(`no element ${index}`);
      return first(sumSlots(value, map.slotSize));
    });
  }

  /** As if other runs had these elements of `scratch`, on all CPUs. */
  occupyScratch(indices: readonly number[]): void {
    const map = this.#mapNamed('scratch');
    for (const index of indices) {
      const value = new Uint8Array(map.valueBytes);
      for (let at = 0; at < value.length; at += map.slotSize) value[at] = 1;
      map.update(elementKey(index), value);
    }
  }

  /** Events sent so far. */
  events(): DecodedEvent[] {
    const events: DecodedEvent[] = [];
    const ring = new RingBuffer(this.#mapNamed('ring'), this.#calls, 4096);
    ring.drain((record) => {
      const event = decodeEvent(this.spec.schema, record, noNames);
      assert.equal(event.kind, 'event');
      if (event.kind === 'event') events.push(event);
    });
    ring.close();
    return events;
  }

  #mapNamed(name: string): BpfMap {
    return this.#maps.get(name) ?? assert.fail(`no map ${name}`);
  }

  [Symbol.dispose](): void {
    for (const program of this.#programs) program.close();
    for (const map of this.#maps.values()) map.close();
  }
}

function elementKey(index: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(index).buffer);
}

/** The first of them; a test that finds none fails. */
export function first<Item>(items: Iterable<Item>): Item {
  for (const item of items) return item;
  return assert.fail('there is none');
}

export function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function sumSlots(value: Uint8Array, slotSize: number): bigint[] {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const sums = Array.from({ length: slotSize / 8 }, () => 0n);
  for (let offset = 0; offset < value.length; offset += 8) {
    const word = (offset % slotSize) / 8;
    sums[word] = (sums[word] ?? 0n) + view.getBigUint64(offset, true);
  }
  return sums;
}
