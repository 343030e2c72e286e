/** Network addresses as text, as inet_ntop(3) and bpftrace write them. */

const AF_INET = 2;
const AF_INET6 = 10;

/** `bytes` has room for the family's address; any other family gives the empty text. */
export function inetText(family: number, bytes: Uint8Array): string {
  if (family === AF_INET) return ipv4Text(bytes.subarray(0, 4));
  if (family === AF_INET6) return ipv6Text(bytes.subarray(0, 16));
  return '';
}

export function macText(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 6)]
    .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
    .join(':');
}

function ipv4Text(bytes: Uint8Array): string {
  return [...bytes].join('.');
}

function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0),
  );
  const zeros = longestZeroRun(groups);
  if (zeros.start === 0 && embedsIpv4(groups, zeros.length)) {
    const prefix = zeros.length === 6 ? '::' : '::ffff:';
    return prefix + ipv4Text(bytes.subarray(12, 16));
  }
  if (zeros.length < 2) return hexGroups(groups);
  const before = groups.slice(0, zeros.start);
  const after = groups.slice(zeros.start + zeros.length);
  return `${hexGroups(before)}::${hexGroups(after)}`;
}

/** inet_ntop writes IPv4-compatible and IPv4-mapped addresses with a dotted tail. */
function embedsIpv4(groups: readonly number[], zeros: number): boolean {
  return zeros === 6 || (zeros === 5 && groups[5] === 0xffff);
}

function hexGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
