/**
 * The log of services: JSON lines on standard error, so that standard output stays for results. What others say is in it, and
 * somebody may read it on a terminal.
 */
import { escapeJson } from '@bpfleet/protocol';
import { destination, pino, type Logger } from 'pino';

export function createLog(name: string): Logger {
  const out = destination({ dest: 2, sync: true });
  return pino({ name }, { write: (lines) => out.write(escapeJson(lines)) });
}
