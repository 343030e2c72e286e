/** The message of anything thrown, with the messages of its causes that add something. */
import { ownFaultText, systemErrorText, systemReason } from '@bpfleet/protocol';
import { AGENT_VERSION } from './version.ts';

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const bug = ownFaultText(error, AGENT_VERSION);
  if (bug !== undefined) return bug;
  const system = systemErrorText(error);
  if (system !== undefined) return system;
  const { cause: below } = error;
  if (below !== undefined && error.message.endsWith(reasonIn(below))) {
    return error.message;
  }
  const cause = error.cause instanceof Error ? messageOf(error.cause) : '';
  return cause === '' || error.message.includes(cause)
    ? error.message
    : `${error.message}: ${cause}`;
}

/** As a message quotes it: a cause that was quoted adds nothing. */
function reasonIn(cause: unknown): string {
  const reason = systemReason(cause);
  return reason === '' ? String(cause) : reason;
}
