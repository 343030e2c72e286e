/**
 * The seam to the kernel: every system call of this package passes through `KernelCalls`, and this is the
 * only file that uses FFI. Calls return what the kernel returns: a result, or a negative errno.
 */
import koffi from 'koffi';
import { CallLimit } from './call-limit.ts';
import { KernelStruct, type PointerTarget } from './kernel-struct.ts';

/** Kernel memory mapped into this process. */
export interface Mapping {
  readonly address: bigint;
  /** Must not be touched after `munmap`; a write to a read-only mapping ends the process. */
  readonly buffer: ArrayBuffer;
}

export interface PollRegistration {
  close(): void;
  /** Lets the process end although the descriptor is still watched. */
  unref(): void;
}

export interface KernelCalls {
  bpf(command: number, attr: KernelStruct): number;
  perfEventOpen(
    attr: KernelStruct,
    pid: number,
    cpu: number,
    groupFd: number,
    flags: number,
  ): number;
  ioctl(fd: number, request: number, argument: number): number;
  /** A shared mapping. `protection` is `PROT_…`; the offset must be a multiple of the page size. */
  mmap(fd: number, sizeBytes: number, protection: number, offsetBytes: number): Mapping | number;
  munmap(mapping: Mapping): number;
  close(fd: number): number;
  /** Closes on a worker thread: the last close of a perf tracepoint waits for RCU, tens of milliseconds. */
  closeAsync(fd: number): Promise<number>;
  mount(source: string, target: string, type: string): number;
  prctl(option: number, argument: number): number;
  /** Nanoseconds of this clock, `CLOCK_…`. */
  clockGettime(clock: number): bigint;
  /** Calls back on the event loop whenever the descriptor is readable. */
  poll(fd: number, onReadable: () => void): PollRegistration;
}

interface SyscallNumbers {
  readonly bpf: number;
  readonly perf_event_open: number;
  readonly ioctl: number;
  readonly mmap: number;
  readonly munmap: number;
  readonly close: number;
  readonly mount: number;
  readonly prctl: number;
  readonly clock_gettime: number;
}

const SYSCALL_NUMBERS: Readonly<Record<string, SyscallNumbers>> = {
  x64: {
    bpf: 321,
    perf_event_open: 298,
    ioctl: 16,
    mmap: 9,
    munmap: 11,
    close: 3,
    mount: 165,
    prctl: 157,
    clock_gettime: 228,
  },
  arm64: {
    bpf: 280,
    perf_event_open: 241,
    ioctl: 29,
    mmap: 222,
    munmap: 215,
    close: 57,
    mount: 40,
    prctl: 167,
    clock_gettime: 113,
  },
};

const MAP_SHARED = 1;
/** The library refuses more than 256 at a time, and libuv runs as many as it has threads. */
const MOST_ASYNC_CALLS = 64;

/** What koffi accepts for a `long`: pointers are bigints. */
type Long = number | bigint;

interface SyscallFunction {
  (number: number, a: Long, b: Long, c: Long, d: Long, e: Long, f: Long): Long;
  async(
    number: number,
    a: Long,
    b: Long,
    c: Long,
    d: Long,
    e: Long,
    f: Long,
    done: (error: unknown, result: Long) => void,
  ): void;
}

/** Writes the addresses of pointer targets into a structure, following nested structures. */
function addressOf(target: PointerTarget): bigint {
  if (!(target instanceof KernelStruct)) return target.length === 0 ? 0n : koffi.address(target);
  for (const pointer of target.pointers) target.u64(pointer.offsetBytes, addressOf(pointer.target));
  return koffi.address(target.bytes);
}

/** The calls of the running kernel. Throws on an architecture other than x86_64 and arm64. */
export function openKernel(): KernelCalls {
  const numbers = SYSCALL_NUMBERS[process.arch];
  if (process.platform !== 'linux' || numbers === undefined) {
    throw new Error(`system calls: ${process.platform} on ${process.arch} is not supported`);
  }
  const libc = koffi.load(null);
  const syscall = libc.func('syscall', 'long', [
    'long',
    'long',
    'long',
    'long',
    'long',
    'long',
    'long',
  ]) as unknown as SyscallFunction;

  function call(
    number: number,
    a: Long,
    b: Long = 0,
    c: Long = 0,
    d: Long = 0,
    e: Long = 0,
  ): number {
    const result = syscall(number, a, b, c, d, e, 0);
    return Number(result) === -1 ? -koffi.errno() : Number(result);
  }

  const closes = new CallLimit(MOST_ASYNC_CALLS);
  // struct timespec: seconds, nanoseconds.
  const time = new BigInt64Array(2);
  const timeAddress = koffi.address(time);

  return {
    bpf(command, attr): number {
      return call(numbers.bpf, command, addressOf(attr), attr.bytes.length);
    },

    perfEventOpen(attr, pid, cpu, groupFd, flags): number {
      return call(numbers.perf_event_open, addressOf(attr), pid, cpu, groupFd, flags);
    },

    ioctl(fd, request, argument): number {
      return call(numbers.ioctl, fd, request, argument);
    },

    mmap(fd, sizeBytes, protection, offsetBytes): Mapping | number {
      const result = syscall(numbers.mmap, 0, sizeBytes, protection, MAP_SHARED, fd, offsetBytes);
      if (Number(result) === -1) return -koffi.errno();
      const address = BigInt(result);
      return { address, buffer: koffi.view(address, sizeBytes) };
    },

    munmap(mapping): number {
      return call(numbers.munmap, mapping.address, mapping.buffer.byteLength);
    },

    close(fd): number {
      return call(numbers.close, fd);
    },

    closeAsync(fd): Promise<number> {
      const call = (): Promise<number> =>
        new Promise((resolve, reject) => {
          syscall.async(numbers.close, fd, 0, 0, 0, 0, 0, (error, result) => {
            // errno belongs to the worker thread and is out of reach; close frees the descriptor all the same.
            if (error === null) resolve(Number(result));
            else reject(new Error('close: the worker thread failed', { cause: error }));
          });
        });
      return closes.run(call);
    },

    mount(source, target, type): number {
      const [from, to, kind] = [source, target, type].map((text) => Buffer.from(`${text}\0`)) as [
        Buffer,
        Buffer,
        Buffer,
      ];
      return call(numbers.mount, koffi.address(from), koffi.address(to), koffi.address(kind));
    },

    prctl(option, argument): number {
      return call(numbers.prctl, option, argument);
    },

    clockGettime(clock): bigint {
      call(numbers.clock_gettime, clock, timeAddress);
      return (time[0] ?? 0n) * 1_000_000_000n + (time[1] ?? 0n);
    },

    poll(fd, onReadable): PollRegistration {
      // The runtime passes (status, events), unlike the declaration of the library; neither is needed here.
      return koffi.node.poll(fd, { readable: true }, onReadable);
    },
  };
}
