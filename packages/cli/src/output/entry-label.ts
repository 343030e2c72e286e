/** The host and the key of an entry on one line. */
import { escapeControls } from '@bpfleet/protocol';

const LONGEST = 120;

export interface NamedEntry {
  readonly host?: string;
  readonly key?: string;
}

/** As `print()` writes them; of a stack the frames in a row, innermost first. Safe for a terminal. */
export function entryLabel({ host, key }: NamedEntry): string {
  const parts = [host, key === undefined ? undefined : keyLabel(key)];
  const text = parts.filter((part) => part !== undefined).join(', ');
  const line = escapeControls(text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function keyLabel(key: string): string {
  const frames = key.split('\n').map((line) => line.trim());
  const line = frames.filter((frame) => frame !== '').join(' < ');
  return line.startsWith('(') && line.endsWith(')') ? line.slice(1, -1) : line;
}

/** The map with its entry, such as `@[web-1, read]`. */
export function mapLabel(map: string, entry: NamedEntry): string {
  const label = entryLabel(entry);
  return entry.host === undefined && entry.key === undefined ? map : `${map}[${label}]`;
}
