/** What `skboutput` sends: read from each CPU's ring and written to the program's files. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { PerfBuffer, type BpfMap, type PerfBufferMachine } from '@bpfleet/bpf';
import { KERNEL_MAPS, PACKET_HEADER, type SessionSpec } from '@bpfleet/lang';
import { bootToUnixNs } from './clocks.ts';
import type { KernelObjects } from './kernel-objects.ts';
import { pcapFileHeader, pcapPacket } from './pcap.ts';

export class PacketCapture {
  readonly #fds: number[] = [];
  readonly #buffer: PerfBuffer;
  readonly #bootToUnixNs: bigint;

  /** Makes the files anew. Throws an Error where that fails, and MapError. */
  constructor(paths: readonly string[], map: BpfMap, machine: PerfBufferMachine) {
    this.#bootToUnixNs = bootToUnixNs(machine.calls);
    try {
      for (const path of paths) this.#create(path);
      this.#buffer = new PerfBuffer(map, machine, (record) => this.#write(record));
    } catch (error) {
      this.#closeFiles();
      throw error;
    }
  }

  /** Writes packets as they come, until `close`. */
  consume(onError: (error: unknown) => void): void {
    this.#buffer.consume(onError);
  }

  /** Writes what is there. */
  drain(): void {
    this.#buffer.drain();
  }

  close(): void {
    this.#buffer.close();
    this.#closeFiles();
  }

  #create(path: string): void {
    try {
      const fd = openSync(path, 'w');
      this.#fds.push(fd);
      writeSync(fd, pcapFileHeader());
    } catch (error) {
      throw new Error(`Failed to create pcap file '${path}'`, { cause: error });
    }
  }

  #write(record: Uint8Array): void {
    if (record.length < PACKET_HEADER.bytes) return;
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const fd = this.#fds[view.getUint32(PACKET_HEADER.file, true)];
    const end = PACKET_HEADER.bytes + view.getUint32(PACKET_HEADER.length, true);
    const skip = view.getBigUint64(PACKET_HEADER.skip, true);
    const start = PACKET_HEADER.bytes + Number(skip);
    // Nothing is left of a packet that is shorter than what is to be left out.
    if (fd === undefined || start >= end || end > record.length) return;
    const unixNs = view.getBigUint64(PACKET_HEADER.nsecs, true) + this.#bootToUnixNs;
    writeSync(fd, pcapPacket(unixNs, record.subarray(start, end)));
  }

  #closeFiles(): void {
    for (const fd of this.#fds.splice(0)) closeSync(fd);
  }
}

/** Undefined where the program writes no packets. Throws as the constructor does. */
export function openPacketCapture(
  { packetFiles }: SessionSpec,
  objects: KernelObjects,
  machine: PerfBufferMachine,
): PacketCapture | undefined {
  if (packetFiles.length === 0) return undefined;
  return new PacketCapture(packetFiles, objects.map(KERNEL_MAPS.packets), machine);
}
