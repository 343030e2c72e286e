/** The log of services: JSON lines on standard error, so that standard output stays for results. */
import { destination, pino, type Logger } from 'pino';

export function createLog(name: string): Logger {
  return pino({ name }, destination({ dest: 2, sync: true }));
}
