/**
 * A kernel map with its keys and values as bytes.
 *
 * The value of a per-CPU map is one buffer: for each possible CPU in turn a slot of the value's size rounded up
 * to 8 bytes (`slotSize`).
 */
import { readFileSync } from 'node:fs';
import type { MapSpec, MapType } from '../asm/spec.ts';
import {
  mapById,
  mapCreate,
  mapDelete,
  mapFreeze,
  mapLookup,
  mapLookupAndDeleteBatch,
  mapLookupBatch,
  mapNextKey,
  mapUpdate,
} from '../sys/bpf.ts';
import * as K from '../sys/constants.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { isKernelError } from '../sys/kernel-error.ts';
import { MapError } from './map-error.ts';

const MAP_TYPES: Readonly<Record<MapType, number>> = {
  hash: K.BPF_MAP_TYPE_HASH,
  array: K.BPF_MAP_TYPE_ARRAY,
  percpu_hash: K.BPF_MAP_TYPE_PERCPU_HASH,
  percpu_array: K.BPF_MAP_TYPE_PERCPU_ARRAY,
  lru_hash: K.BPF_MAP_TYPE_LRU_HASH,
  lru_percpu_hash: K.BPF_MAP_TYPE_LRU_PERCPU_HASH,
  ringbuf: K.BPF_MAP_TYPE_RINGBUF,
  prog_array: K.BPF_MAP_TYPE_PROG_ARRAY,
  perf_event_array: K.BPF_MAP_TYPE_PERF_EVENT_ARRAY,
};

const PER_CPU: ReadonlySet<MapType> = new Set(['percpu_hash', 'percpu_array', 'lru_percpu_hash']);
const ARRAYS: ReadonlySet<MapType> = new Set(['array', 'percpu_array']);

/** Entries of one batch at the start; it grows when a hash bucket does not fit. */
const BATCH_ENTRIES = 1024;
/** A batch of large per-CPU values stays below this. */
const BATCH_BYTES = 4 << 20;

export interface MapEntry {
  /** These are parts of a larger buffer that nobody changes later. */
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

type ReadBatch = typeof mapLookupBatch;

export class BpfMap {
  readonly spec: MapSpec;
  readonly fd: Fd;
  /** Bytes of a value as lookups return it and updates take it: of all CPUs for a per-CPU map. */
  readonly valueBytes: number;
  /** Bytes from one CPU's value to the next; the value's own size for other maps. */
  readonly slotSize: number;
  readonly #calls: KernelCalls;
  #useBatches: boolean;
  #readSlowly = false;

  private constructor(
    spec: MapSpec,
    fd: Fd,
    calls: KernelCalls,
    { possibleCpus, batches }: { readonly possibleCpus: number; readonly batches: boolean },
  ) {
    this.#useBatches = batches;
    this.spec = spec;
    this.fd = fd;
    this.#calls = calls;
    const perCpu = PER_CPU.has(spec.type);
    this.slotSize = perCpu ? (spec.valueSize + 7) & ~7 : spec.valueSize;
    this.valueBytes = perCpu ? this.slotSize * possibleCpus : spec.valueSize;
  }

  /**
   * Creates the map, writes `spec.initial`, freezes it if asked. `batches`: entries are read many at a time, where the kernel
   * can. Throws MapError. The caller disposes.
   */
  static create(spec: MapSpec, calls: KernelCalls, possibleCpus: number, batches = true): BpfMap {
    let fd: Fd | undefined;
    try {
      fd = mapCreate(calls, {
        mapType: MAP_TYPES[spec.type],
        keySize: spec.keySize,
        valueSize: spec.valueSize,
        maxEntries: spec.type === 'perf_event_array' ? possibleCpus : spec.maxEntries,
        flags: spec.flags,
        name: spec.name,
      });
      const map = new BpfMap(spec, fd, calls, { possibleCpus, batches });
      if (spec.initial !== undefined) map.#writeInitial(spec.initial);
      if (spec.frozen === true) mapFreeze(calls, fd);
      return map;
    } catch (error) {
      fd?.close();
      throw new MapError(`create map ${spec.name}`, error);
    }
  }

  /**
   * Opens a map that another process holds, made by such a spec; it stays for as long as either has it open. Throws MapError.
   * Needs CAP_SYS_ADMIN.
   */
  static open(id: number, spec: MapSpec, calls: KernelCalls, possibleCpus: number): BpfMap {
    try {
      return new BpfMap(spec, mapById(calls, id), calls, { possibleCpus, batches: true });
    } catch (error) {
      throw new MapError(`open map ${spec.name} by its number ${id}`, error);
    }
  }

  /** Its number in this kernel, by which other processes can open it. */
  get id(): number {
    return this.#info('map_id');
  }

  /** Kernel memory as the kernel accounts for it (`memlock` of its fdinfo). */
  memoryBytes(): number {
    return this.#info('memlock');
  }

  #info(field: string): number {
    const info = readFileSync(`/proc/self/fdinfo/${this.fd.number}`, 'latin1');
    return Number(new RegExp(`^${field}:\\s*(\\d+)$`, 'm').exec(info)?.[1] ?? 0);
  }

  /** Whether it has been read entry by entry, as the kernel has no batch commands for such maps, or they were not to be used. */
  get readSlowly(): boolean {
    return this.#readSlowly;
  }

  get isPerCpu(): boolean {
    return PER_CPU.has(this.spec.type);
  }

  /** The value of a key, or undefined. */
  lookup(key: Uint8Array): Uint8Array | undefined {
    this.#checkSize('key', key, this.spec.keySize);
    const value = new Uint8Array(this.valueBytes);
    const found = this.#do('look up', () => mapLookup(this.#calls, this.fd, key, value));
    return found ? value : undefined;
  }

  /** Throws MapError: E2BIG when the map is full; EEXIST and ENOENT as `flags` (BPF_NOEXIST, BPF_EXIST) ask. */
  update(key: Uint8Array, value: Uint8Array, flags: number = K.BPF_ANY): void {
    this.#checkSize('key', key, this.spec.keySize);
    this.#checkSize('value', value, this.valueBytes);
    this.#do('update', () => mapUpdate(this.#calls, this.fd, key, value, flags));
  }

  /** Whether there was such a key. */
  delete(key: Uint8Array): boolean {
    this.#checkSize('key', key, this.spec.keySize);
    return this.#do('delete from', () => mapDelete(this.#calls, this.fd, key));
  }

  /** All keys. A hash map that changes meanwhile may yield a key twice or skip one. */
  *keys(): Generator<Uint8Array, void, undefined> {
    let previous: Uint8Array | undefined;
    // A deletion can send the iteration back to the start; twice the capacity is more than any honest one takes.
    for (let step = 0; step <= 2 * this.spec.maxEntries; step += 1) {
      const key = new Uint8Array(this.spec.keySize);
      const from = previous;
      if (!this.#do('read keys of', () => mapNextKey(this.#calls, this.fd, from, key))) return;
      yield key;
      previous = key;
    }
  }

  /** All entries, read in batches where the kernel has them. A key that changes meanwhile is read once. */
  entries(): MapEntry[] {
    const entries = this.#do('read', () => this.#readBatches(mapLookupBatch));
    if (entries !== undefined) return entries;
    const slowly: MapEntry[] = [];
    for (const key of this.keys()) {
      const value = this.lookup(key);
      if (value !== undefined) slowly.push({ key, value });
    }
    return slowly;
  }

  /**
   * All entries of a hash map, each removed in the step that reads it, so that no update falls between; without
   * batch commands (before Linux 5.6) an update between the two steps is lost.
   */
  takeEntries(): MapEntry[] {
    const entries = this.#do('take', () => this.#readBatches(mapLookupAndDeleteBatch));
    if (entries !== undefined) return entries;
    const slowly = this.entries();
    for (const { key } of slowly) this.delete(key);
    return slowly;
  }

  /** Removes all entries; sets all elements of an array to zero. */
  clear(): void {
    if (!ARRAYS.has(this.spec.type)) {
      this.takeEntries();
      return;
    }
    const zero = new Uint8Array(this.valueBytes);
    for (const key of this.keys()) this.update(key, zero);
  }

  /** The part of a per-CPU value that belongs to one CPU, counted from 0. */
  slot(value: Uint8Array, cpu: number): Uint8Array {
    return value.subarray(cpu * this.slotSize, cpu * this.slotSize + this.spec.valueSize);
  }

  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Undefined if this kernel or this kind of map has no such command. */
  #readBatches(read: ReadBatch): MapEntry[] | undefined {
    if (!this.#useBatches) {
      this.#readSlowly = true;
      return undefined;
    }
    const { keySize } = this.spec;
    const fitting = Math.max(1, Math.floor(BATCH_BYTES / (keySize + this.valueBytes)));
    let count = Math.min(BATCH_ENTRIES, this.spec.maxEntries, fitting);
    const entries: MapEntry[] = [];
    let inBatch: Uint8Array | undefined;
    for (;;) {
      // A hash map's position is a 32-bit bucket number, an array's a key.
      const outBatch = new Uint8Array(Math.max(4, keySize));
      const keys = new Uint8Array(count * keySize);
      const values = new Uint8Array(count * this.valueBytes);
      const mapFd = this.fd.number;
      let result;
      try {
        result = read(this.#calls, { mapFd, inBatch, outBatch, keys, values, count });
      } catch (error) {
        if (inBatch !== undefined || !isKernelError(error, 'EINVAL', 'ENOTSUPP')) throw error;
        this.#useBatches = false;
        this.#readSlowly = true;
        return undefined;
      }
      if (result.state === 'full') {
        count *= 2;
        continue;
      }
      for (let index = 0; index < result.count; index += 1) {
        const valueStart = index * this.valueBytes;
        entries.push({
          key: keys.subarray(index * keySize, (index + 1) * keySize),
          value: values.subarray(valueStart, valueStart + this.valueBytes),
        });
      }
      if (result.state === 'end') return entries;
      inBatch = outBatch;
    }
  }

  #writeInitial(initial: Uint8Array): void {
    const value = new Uint8Array(this.valueBytes);
    const copies = this.isPerCpu ? this.valueBytes / this.slotSize : 1;
    for (let cpu = 0; cpu < copies; cpu += 1) value.set(initial, cpu * this.slotSize);
    mapUpdate(this.#calls, this.fd, new Uint8Array(this.spec.keySize), value, K.BPF_ANY);
  }

  #checkSize(what: 'key' | 'value', bytes: Uint8Array, sizeBytes: number): void {
    if (bytes.length === sizeBytes) return;
    throw new RangeError(
      `map ${this.spec.name}: ${what} has ${bytes.length} bytes, not ${sizeBytes}`,
    );
  }

  #do<T>(operation: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new MapError(`${operation} map ${this.spec.name}`, error);
    }
  }
}
