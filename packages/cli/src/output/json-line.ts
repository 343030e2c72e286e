/** One value as one line of JSON, for `--json`. Integers that a double cannot hold are written as strings. */

export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'bigint') return member;
    return Number.isSafeInteger(Number(member)) ? Number(member) : member.toString();
  });
  return `${text}\n`;
}
