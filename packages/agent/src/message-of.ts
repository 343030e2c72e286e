/** The message of anything thrown, with the messages of its causes that add something. */
import { ownFaultText } from '@bpfleet/protocol';
import { AGENT_VERSION } from './version.ts';

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const bug = ownFaultText(error, AGENT_VERSION);
  if (bug !== undefined) return bug;
  const cause = error.cause instanceof Error ? messageOf(error.cause) : '';
  return cause === '' || error.message.includes(cause)
    ? error.message
    : `${error.message}: ${cause}`;
}
