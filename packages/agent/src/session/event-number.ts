/** Which event of its schema a record of the ring buffer is. */
import type { EventSchema } from '@bpfleet/protocol';

const EVENT_NUMBER_AT = 16;

/** Without a view, which would take longer to make than the number to read. */
export function eventNumber(bytes: Uint8Array): number {
  let number = 0;
  for (let byte = 3; byte >= 0; byte--) {
    number = number * 256 + (bytes[EVENT_NUMBER_AT + byte] ?? 0);
  }
  return number;
}

/** Whether such an event comes to somebody who reads: the others only have the host do something. */
export function isRead(kind: EventSchema['kind']): boolean {
  return kind !== 'clear' && kind !== 'zero' && kind !== 'exit';
}
