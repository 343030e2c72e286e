/** Moments as people write them on a command line: so long ago, or a date and a time. */
import { UserError } from '../terminal.ts';
import { parseDuration } from './duration.ts';

const NS_PER_MS = 1_000_000n;
const DATE = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?)?$/;
const TIME = /^(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?$/;

/**
 * `2h` (ago), `2026-11-23`, `2026-11-23T10:00:05.25Z`, `10:00` (today), `@1763892000.5` (Unix seconds). Without a zone
 * it is the local time of this process. Unix nanoseconds. @throws UserError
 */
export function parseMoment(text: string, nowMs: number): bigint {
  const unix = /^@(\d{1,10})(?:\.(\d{1,9}))?$/.exec(text);
  if (unix !== null) return BigInt(unix[1] ?? 0) * 1_000_000_000n + fraction(unix[2]);
  const date = DATE.exec(text);
  if (date !== null) {
    const [, day = '', minutes = '00:00', seconds = ':00', digits, zone = ''] = date;
    return at(`${day}T${minutes}${seconds}${zone}`, text) + fraction(digits);
  }
  const time = TIME.exec(text);
  if (time !== null) {
    const [, minutes = '', seconds = ':00', digits] = time;
    return at(`${localDay(nowMs)}T${minutes}${seconds}`, text) + fraction(digits);
  }
  if (!/^\d+[a-z]/.test(text)) throw unreadable(text);
  return BigInt(nowMs - parseDuration(text)) * NS_PER_MS;
}

export function momentMs(text: string, nowMs: number): number {
  return Number(parseMoment(text, nowMs) / NS_PER_MS);
}

function at(iso: string, text: string): bigint {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms) || ms < 0) throw unreadable(text);
  return BigInt(ms) * NS_PER_MS;
}

function fraction(digits = ''): bigint {
  return BigInt(digits.padEnd(9, '0'));
}

function localDay(nowMs: number): string {
  const now = new Date(nowMs);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function unreadable(text: string): UserError {
  return new UserError(
    `not a time: ${text} (such as 2h for two hours ago, 10:30, 2026-11-23, 2026-11-23T10:30:00Z, @1763892000)`,
  );
}

/** `2026-11-23 10:30:00.250Z`, which `parseMoment` reads. */
export function momentText(unixNs: bigint): string {
  const iso = new Date(Number(unixNs / NS_PER_MS)).toISOString();
  return iso.replace('T', ' ');
}
