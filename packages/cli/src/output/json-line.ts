/** One value as one line of JSON, for `--json`. Integers that a double cannot hold are written as strings. */
import { escapeJson } from '@bpfleet/protocol';

export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'bigint') return member;
    return Number.isSafeInteger(Number(member)) ? Number(member) : member.toString();
  });
  return `${escapeJson(text)}\n`;
}
