/**
 * strftime(3) of the C locale, in the local time zone.
 *
 * `'subsecond'` is the dialect of bpftrace's `strftime()`, where `%f` is microseconds, `%k` nanoseconds and `%l`
 * milliseconds; `'plain'` is that of `time()`, where `%k` and `%l` are space-padded hours as in C.
 */

export type StrftimeDialect = 'plain' | 'subsecond';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `unixNs` is Unix time in nanoseconds. Times outside what Date can hold give `(?)`, as bpftrace does for time 0. */
export function strftime(format: string, unixNs: bigint, dialect: StrftimeDialect): string {
  const nsecs = ((unixNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const date = new Date(Number((unixNs - nsecs) / 1_000_000n));
  if (Number.isNaN(date.getTime())) return '(?)';
  if (dialect === 'subsecond' && date.getTime() === 0) return '(?)';
  return expand(format, date, dialect === 'subsecond' ? nsecs : undefined);
}

function expand(format: string, date: Date, nsecs: bigint | undefined): string {
  return format.replace(/%[EO]?([a-zA-Z%])/g, (whole, letter: string) => {
    if (nsecs !== undefined) {
      if (letter === 'k') return pad(nsecs, 9);
      if (letter === 'f') return pad(nsecs / 1_000n, 6);
      if (letter === 'l') return pad(nsecs / 1_000_000n, 3);
    }
    return conversion(letter, date) ?? whole;
  });
}

function conversion(letter: string, date: Date): string | undefined {
  const nested = NESTED[letter];
  return nested === undefined ? CONVERSIONS[letter]?.(date) : expand(nested, date, undefined);
}

/** Conversions that stand for others. */
const NESTED: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  x: '%m/%d/%y',
};

const CONVERSIONS: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  a: (d) => dayName(d).slice(0, 3),
  A: dayName,
  b: (d) => monthName(d).slice(0, 3),
  B: monthName,
  C: (d) => pad(Math.floor(d.getFullYear() / 100), 2),
  d: (d) => pad(d.getDate(), 2),
  e: (d) => pad(d.getDate(), 2, ' '),
  G: (d) => `${isoWeek(d).year}`,
  g: (d) => pad(isoWeek(d).year % 100, 2),
  H: (d) => pad(d.getHours(), 2),
  h: (d) => monthName(d).slice(0, 3),
  I: (d) => pad(hour12(d), 2),
  j: (d) => pad(dayOfYear(d) + 1, 3),
  k: (d) => pad(d.getHours(), 2, ' '),
  l: (d) => pad(hour12(d), 2, ' '),
  M: (d) => pad(d.getMinutes(), 2),
  m: (d) => pad(d.getMonth() + 1, 2),
  n: () => '\n',
  P: (d) => (d.getHours() < 12 ? 'am' : 'pm'),
  p: (d) => (d.getHours() < 12 ? 'AM' : 'PM'),
  S: (d) => pad(d.getSeconds(), 2),
  s: (d) => `${Math.floor(d.getTime() / 1000)}`,
  t: () => '\t',
  U: (d) => pad(Math.floor((dayOfYear(d) + 7 - d.getDay()) / 7), 2),
  u: (d) => `${d.getDay() === 0 ? 7 : d.getDay()}`,
  V: (d) => pad(isoWeek(d).week, 2),
  W: (d) => pad(Math.floor((dayOfYear(d) + 7 - ((d.getDay() + 6) % 7)) / 7), 2),
  w: (d) => `${d.getDay()}`,
  Y: (d) => `${d.getFullYear()}`,
  y: (d) => pad(d.getFullYear() % 100, 2),
  Z: zoneName,
  z: zoneOffset,
};

function pad(value: number | bigint, width: number, fill: '0' | ' ' = '0'): string {
  return value.toString().padStart(width, fill);
}

function dayName(date: Date): string {
  return DAYS[date.getDay()] ?? '?';
}

function monthName(date: Date): string {
  return MONTHS[date.getMonth()] ?? '?';
}

function hour12(date: Date): number {
  return date.getHours() % 12 === 0 ? 12 : date.getHours() % 12;
}

/** Days since the first of January; whole days, so that a change of clocks does not matter. */
function dayOfYear(date: Date): number {
  const day = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day - Date.UTC(date.getFullYear(), 0, 1)) / 86_400_000);
}

/** ISO 8601: the week belongs to the year of its Thursday. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(
    Date.UTC(date.getFullYear(), date.getMonth(), date.getDate() + 4 - (date.getDay() || 7)),
  );
  const year = thursday.getUTCFullYear();
  const days = Math.round((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000);
  return { year, week: Math.floor(days / 7) + 1 };
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

function zoneOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  return `${sign}${pad(Math.floor(size / 60), 2)}${pad(size % 60, 2)}`;
}
