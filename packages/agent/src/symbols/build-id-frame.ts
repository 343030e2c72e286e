/** The text of a `struct bpf_stack_build_id`: which file, and where in it. */

/** The kernel found the file's build id; otherwise it gives the address alone. */
const BPF_STACK_BUILD_ID_VALID = 1;

export function buildIdFrame(entry: Uint8Array): string {
  const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength);
  const place = view.getBigUint64(24, true).toString(16);
  if (view.getInt32(0, true) !== BPF_STACK_BUILD_ID_VALID) return place;
  return `${Buffer.from(entry.subarray(4, 24)).toString('hex')} 0x${place.padStart(2, '0')}`;
}
