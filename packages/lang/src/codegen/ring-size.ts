/** Sizes of the rings between the kernel and us. */

/** Holds what a busy program sends while the consumer is held up for some tens of milliseconds. */
const DEFAULT_BYTES = 8 * 1024 * 1024;
/** A session that sends nothing has a ring all the same. */
const IDLE_BYTES = 64 * 1024;

/** Of each CPU: some hundreds of packets of a network's usual size. */
const DEFAULT_PACKET_BYTES = 512 * 1024;

/** Bytes, a power of two of at least one page; `pages` of 0 leaves the choice to us. */
export function ringBytes(pages: number, pageSize: number, sendsEvents: boolean): number {
  const wanted = pages === 0 ? (sendsEvents ? DEFAULT_BYTES : IDLE_BYTES) : pages * pageSize;
  return powerOfTwo(wanted, pageSize);
}

/** Bytes of each CPU's ring of packets, likewise. */
export function packetRingBytes(pages: number, pageSize: number): number {
  return powerOfTwo(pages === 0 ? DEFAULT_PACKET_BYTES : pages * pageSize, pageSize);
}

function powerOfTwo(wanted: number, least: number): number {
  let bytes = least;
  while (bytes < wanted) bytes *= 2;
  return bytes;
}
