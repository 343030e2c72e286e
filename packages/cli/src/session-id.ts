/** Names a session before it is there, so that a request whose answer is lost can be made again. */
import { randomBytes } from 'node:crypto';

/** Short enough to type, with a letter first so that no tool takes it for a number. */
export function newSessionId(): string {
  const number = BigInt(`0x${randomBytes(6).toString('hex')}`);
  return `s${number.toString(36).padStart(10, '0')}`;
}
