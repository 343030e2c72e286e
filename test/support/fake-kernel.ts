/** A kernel made of JavaScript: maps, programs that always load, and memory for ring buffers. */
import * as K from '../../packages/bpf/src/sys/constants.ts';
import type {
  KernelCalls,
  Mapping,
  PollRegistration,
} from '../../packages/bpf/src/sys/kernel-calls.ts';
import type { KernelStruct } from '../../packages/bpf/src/sys/kernel-struct.ts';

const [ENOENT, EINVAL] = [2, 22];

/** Answers a command itself: a result, a negative errno, or undefined to leave it to the fake. */
export type Answer = (attr: KernelStruct) => number | undefined;

export class FakeKernel implements KernelCalls {
  /** Commands of bpf(2) and names of other calls, in order. */
  readonly log: (number | string)[] = [];
  readonly openFds = new Set<number>();
  /** By descriptor, then by the key in hexadecimal. */
  readonly maps = new Map<number, Map<string, Uint8Array>>();
  readonly answers = new Map<number | string, Answer>();
  /** By offset in the descriptor; what mmap hands out. */
  readonly memory = new Map<number, ArrayBuffer>();
  onReadable: (() => void) | undefined;
  #lastFd = 100;

  bpf(command: number, attr: KernelStruct): number {
    this.log.push(command);
    const answer = this.answers.get(command)?.(attr);
    if (answer !== undefined) return answer;
    const key = attr.targetAt(8);
    const value = attr.targetAt(16);
    const map = this.maps.get(attr.readU32(0)) ?? new Map<string, Uint8Array>();
    const hex = key instanceof Uint8Array ? Buffer.from(key).toString('hex') : '';
    switch (command) {
      case K.BPF_MAP_CREATE:
        this.maps.set(this.#lastFd + 1, new Map());
        return this.#open();
      case K.BPF_MAP_LOOKUP_ELEM: {
        const found = map.get(hex);
        if (found !== undefined && value instanceof Uint8Array) value.set(found);
        return found === undefined ? -ENOENT : 0;
      }
      case K.BPF_MAP_UPDATE_ELEM:
        map.set(hex, Uint8Array.from(value as Uint8Array));
        return 0;
      case K.BPF_MAP_DELETE_ELEM:
        return map.delete(hex) ? 0 : -ENOENT;
      case K.BPF_MAP_GET_NEXT_KEY: {
        const keys = [...map.keys()];
        const next = keys[hex === '' ? 0 : keys.indexOf(hex) + 1];
        if (next !== undefined) (value as Uint8Array).set(Buffer.from(next, 'hex'));
        return next === undefined ? -ENOENT : 0;
      }
      case K.BPF_PROG_LOAD:
      case K.BPF_BTF_LOAD:
      case K.BPF_LINK_CREATE:
      case K.BPF_RAW_TRACEPOINT_OPEN:
        return this.#open();
      case K.BPF_MAP_FREEZE:
        return 0;
      default:
        return -EINVAL;
    }
  }

  perfEventOpen(attr: KernelStruct): number {
    this.log.push('perf_event_open');
    return this.answers.get('perf_event_open')?.(attr) ?? this.#open();
  }

  ioctl(): number {
    this.log.push('ioctl');
    return 0;
  }

  mmap(_fd: number, sizeBytes: number, _protection: number, offset: number): Mapping | number {
    const buffer = this.memory.get(offset);
    return buffer?.byteLength === sizeBytes ? { address: BigInt(offset), buffer } : -EINVAL;
  }

  munmap(mapping: Mapping): number {
    this.log.push(`munmap ${mapping.address}`);
    return 0;
  }

  close(fd: number): number {
    this.log.push('close');
    return this.openFds.delete(fd) ? 0 : -9;
  }

  closeAsync(fd: number): Promise<number> {
    return Promise.resolve(this.close(fd));
  }

  mount(): number {
    return -1;
  }

  prctl(): number {
    return 0;
  }

  clockGettime(): bigint {
    return 0n;
  }

  poll(_fd: number, onReadable: () => void): PollRegistration {
    this.onReadable = onReadable;
    return {
      close: () => {
        this.onReadable = undefined;
      },
      unref: () => undefined,
    };
  }

  #open(): number {
    this.#lastFd += 1;
    this.openFds.add(this.#lastFd);
    return this.#lastFd;
  }
}
