/**
 * Names and messages of hosts, of other people's sessions and of the store are hostile: whatever a command prints of them
 * cannot act on the terminal. Standard output that is no terminal gets what there is, byte for byte.
 */
import { escapeLine } from '@bpfleet/protocol';
import type { Terminal } from './terminal.ts';

/** Standard error is escaped wherever it goes: it is for people, and often a terminal when standard output is none. */
export function guardedTerminal(terminal: Terminal): Terminal {
  const { out, err, size } = terminal;
  return {
    ...terminal,
    out: size === undefined ? out : (text) => out(shown(text)),
    err: (text) => err(shown(text)),
  };
}

/** Lines of CSV end in two characters. */
function shown(text: string): string {
  return escapeLine(text.replaceAll('\r\n', '\n'));
}
