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
import { namedParts } from './named-values.ts';
import { buildIdFrame } from '../symbols/build-id-frame.ts';
import type { NameSource, UserNameSource } from './name-source.ts';

export class NameStream {
  readonly #objects: KernelObjects;
  readonly #source: NameSource;
  readonly #users: UserNameSource;
  readonly #onFrame: (frame: Frame) => void;
  readonly #known = new Set<string>();
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

  /** Names every host-named part of this value that is new. */
  announce(type: ValueType, bytes: Uint8Array): void {
    for (const part of namedParts(type, bytes)) {
      const known = `${part.type.kind} ${Buffer.from(part.id).toString('latin1')}`;
      if (this.#known.has(known) || part.id.length < sizeOfValue(part.type)) continue;
      this.#known.add(known);
      this.#pending.push({
        type: part.type.kind,
        id: part.id,
        text: this.#resolve(part.type, part.id),
      });
    }
  }

  /** Sends what was announced; call before the frame that uses it. */
  flush(): void {
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
