/** Sends names that only this host knows, each once, ahead of the frame that first uses it. */
import {
  bytesPerFrame,
  sizeOfValue,
  type Frame,
  type HostName,
  type HostNamedType,
  type StackMode,
  type ValueType,
} from '@bpfleet/protocol';
import { KERNEL_MAPS } from '@bpfleet/lang';
import type { KernelObjects } from './kernel-objects.ts';
import { namedParts, type NamedPart } from './named-values.ts';
import { buildIdFrame } from '../symbols/build-id-frame.ts';
import type { NameSource, UserNameSource } from './name-source.ts';

/** After so long, ids stand for names that nobody has told. */
const MAX_AWAITED_MS = 5000;

export class NameStream {
  readonly #objects: KernelObjects;
  readonly #source: NameSource;
  readonly #users: UserNameSource;
  readonly #onFrame: (frame: Frame) => void;
  readonly #known = new Set<string>();
  /** Names that will be known soon, such as those of containers that have just been started, by when they were asked for. */
  readonly #awaited = new Map<string, { readonly name: NamedPart; readonly sinceMs: number }>();
  #settled = false;
  #pending: HostName[] = [];

  constructor(
    objects: KernelObjects,
    source: NameSource,
    users: UserNameSource,
    onFrame: (frame: Frame) => void,
  ) {
    this.#objects = objects;
    this.#source = source;
    this.#users = users;
    this.#onFrame = onFrame;
  }

  /** Names every host-named part of this value that is new. `atOnce`: it is printed now, with the name that there is. */
  announce(type: ValueType, bytes: Uint8Array, atOnce = false): void {
    for (const part of namedParts(type, bytes)) {
      const known = `${part.type.kind} ${Buffer.from(part.id).toString('latin1')}`;
      if (this.#known.has(known) || part.id.length < sizeOfValue(part.type)) continue;
      if (this.#isComing(part)) {
        if (!this.#awaited.has(known)) {
          this.#awaited.set(known, { name: part, sinceMs: performance.now() });
        }
        if (!atOnce) continue;
      } else {
        this.#known.add(known);
      }
      this.#name(part);
    }
  }

  /** Waits for no name any more: the next frames are the last. */
  settle(): void {
    this.#settled = true;
    this.flush();
  }

  #name({ type, id }: NamedPart): void {
    this.#pending.push({ type: type.kind, id, text: this.#resolve(type, id) });
  }

  #isComing({ type, id }: NamedPart): boolean {
    if (this.#settled) return false;
    if (type.kind !== 'container' && type.kind !== 'pod' && type.kind !== 'namespace') return false;
    const view = new DataView(id.buffer, id.byteOffset, id.byteLength);
    return this.#source.cgroupOwner(view.getBigUint64(0, true)).isPending;
  }

  /** Sends what was announced; call before the frame that uses it. */
  flush(): void {
    for (const [known, { name, sinceMs }] of this.#awaited) {
      if (performance.now() - sinceMs < MAX_AWAITED_MS && this.#isComing(name)) continue;
      this.#awaited.delete(known);
      this.#known.add(known);
      this.#name(name);
    }
    if (this.#pending.length === 0) return;
    this.#onFrame({ kind: 'names', names: this.#pending });
    this.#pending = [];
  }

  #resolve(type: HostNamedType, id: Uint8Array): readonly string[] {
    const view = new DataView(id.buffer, id.byteOffset, id.byteLength);
    const word = view.getBigUint64(0, true);
    switch (type.kind) {
      case 'ksym':
        return [this.#source.kernelSymbol(word, false)];
      case 'usym':
        return [this.#users.symbol(view.getUint32(8, true), word)];
      case 'username':
        return [this.#source.userName(word)];
      case 'cgroup-path':
        return [this.#source.cgroupPath(word, type.filter)];
      case 'container':
      case 'pod':
      case 'namespace':
        return [this.#source.cgroupOwner(word)[type.kind]];
      case 'kstack':
        return this.#stack(id, type.mode, (address) => [this.#source.kernelSymbol(address, true)]);
      case 'ustack': {
        const pid = view.getUint32(8, true);
        const mode = type.mode === 'perf' ? 'perf' : 'bpftrace';
        return this.#stack(id, type.mode, (address) => this.#users.frames(pid, address, mode));
      }
    }
  }

  #stack(
    id: Uint8Array,
    mode: StackMode,
    names: (address: bigint) => readonly string[],
  ): readonly string[] {
    const value = this.#objects.find(KERNEL_MAPS.stacks)?.lookup(id.slice(0, 8));
    if (value === undefined) return [];
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    const size = bytesPerFrame(mode);
    const room = Math.floor((value.byteLength - 8) / size);
    const count = Math.min(Number(view.getBigUint64(0, true)), room);
    const frames: string[] = [];
    for (let i = 0; i < count; i++) {
      if (mode === 'build_id') {
        frames.push(buildIdFrame(value.subarray(8 + size * i, 8 + size * (i + 1))));
        continue;
      }
      const address = view.getBigUint64(8 + 8 * i, true);
      const hex = address.toString(16);
      if (mode === 'raw') frames.push(hex);
      else
        for (const name of names(address)) frames.push(mode === 'perf' ? `${hex} ${name}` : name);
    }
    return frames;
  }
}
