/**
 * Files of packets, as tcpdump and its like read them: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
 *
 * In this machine's byte order: a file header, then for each packet a header and its bytes.
 */

const MAGIC = 0xa1b2_c3d4;
const [VERSION_MAJOR, VERSION_MINOR] = [2, 4];
const SNAP_BYTES = 65_535;
/** The packet begins with its IPv4 or IPv6 header. */
const LINKTYPE_RAW = 101;

const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;

export function pcapFileHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(FILE_HEADER_BYTES));
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION_MAJOR, true);
  view.setUint16(6, VERSION_MINOR, true);
  view.setUint32(16, SNAP_BYTES, true);
  view.setUint32(20, LINKTYPE_RAW, true);
  return new Uint8Array(view.buffer);
}

/** `unixNs` is kept to the microsecond. */
export function pcapPacket(unixNs: bigint, packet: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PACKET_HEADER_BYTES + packet.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Number((unixNs / 1_000_000_000n) & 0xffff_ffffn), true);
  view.setUint32(4, Number((unixNs % 1_000_000_000n) / 1000n), true);
  view.setUint32(8, packet.length, true);
  view.setUint32(12, packet.length, true);
  bytes.set(packet, PACKET_HEADER_BYTES);
  return bytes;
}
