/**
 * Writes to a file descriptor without Node's streams. Those put a pipe into non-blocking mode, and with it every other
 * process that has the same pipe: `bpfleet local -l | grep x` would end grep with a write error where both write their
 * errors to one pipe.
 */
import { writeSync } from 'node:fs';
import { encodeText } from '@bpfleet/protocol';

/** Between tries to write into a pipe that someone else made non-blocking, and that is full. */
const RETRY_MS = 2;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** @param onError told why no more can be written; what is written then is lost */
export function descriptorWriter(
  descriptor: number,
  onError: (error: NodeJS.ErrnoException) => void,
): (text: string) => void {
  return (text) => {
    let rest = encodeText(text);
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(descriptor, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
          onError(error as NodeJS.ErrnoException);
          return;
        }
        Atomics.wait(sleeper, 0, 0, RETRY_MS);
      }
    }
  };
}
