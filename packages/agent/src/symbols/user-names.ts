/** Login names by uid, from the text of `/etc/passwd` (passwd(5)). */

export function parsePasswd(text: string): ReadonlyMap<bigint, string> {
  const names = new Map<bigint, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name === undefined || uid === undefined || !/^\d+$/.test(uid)) continue;
    if (!names.has(BigInt(uid))) names.set(BigInt(uid), name);
  }
  return names;
}
