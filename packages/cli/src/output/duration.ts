/** Durations and times as people write and read them. */
import { UserError } from '../terminal.ts';

const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS_MS;

/** `30s`, `500ms`, `1m30s`, `7d`; a number alone is seconds. @throws UserError */
export function parseDuration(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * UNITS_MS.s;
  if (!/^(\d+(ms|s|m|h|d))+$/.test(text)) {
    throw new UserError(`not a duration: ${text} (such as 500ms, 30s, 5m, 1m30s)`);
  }
  return [...text.matchAll(/(\d+)(ms|s|m|h|d)/g)]
    .map(([, count, unit]) => Number(count) * UNITS_MS[unit as Unit])
    .reduce((sum, part) => sum + part, 0);
}

/** Such as `5s ago`. */
export function ago(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1000));
  if (seconds < 120) return `${seconds}s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m ago`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)}h ago`;
  return `${Math.round(seconds / 86_400)}d ago`;
}

/** In whole units, such as `30d` or `36h`. */
export function durationText(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
