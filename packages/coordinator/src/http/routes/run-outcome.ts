/** What came of a program that somebody asked for, as an answer and for the audit. */
import type { SessionInfo } from '@bpfleet/protocol';
import type { NotStarted, RunOutcome } from '../../session/registry.ts';
import { Refusal } from '../refusal.ts';

/** @throws {Refusal} for one that does not run */
export function started(outcome: RunOutcome): SessionInfo {
  switch (outcome.kind) {
    case 'started':
      return outcome.session;
    case 'failed':
      throw new Refusal(409, outcome.error);
    case 'no-hosts':
    case 'too-many-hosts':
    case 'rejected':
      throw notStarted(outcome);
  }
}

/** The session where there is one, and else why there is none. */
export function auditedOutcome(outcome: RunOutcome): {
  readonly session?: string;
  readonly outcome: string;
} {
  return outcome.kind === 'started'
    ? { session: outcome.session.id, outcome: 'done' }
    : { outcome: outcome.error.message };
}

export function notStarted({ kind, error }: NotStarted): Refusal {
  return new Refusal(kind === 'rejected' ? 422 : 400, error);
}
