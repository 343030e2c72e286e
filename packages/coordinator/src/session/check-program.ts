/** Asks hosts whether they would run a program, and gathers what they say. */
import {
  encodeJson,
  parseHostReport,
  subjects,
  type DesiredSession,
  type HostReport,
  type HostVerdict,
} from '@bpfleet/protocol';
import type { Broker } from '../nats/broker.ts';
import type { SessionMessage } from '../nats/session-message.ts';

/** Resolves when every one of `hosts` has answered, or at the deadline; then nothing is left of the question. */
export async function checkProgram(
  broker: Broker,
  desired: DesiredSession,
  hosts: readonly string[],
  timeoutMs: number,
): Promise<readonly HostVerdict[]> {
  const verdicts = new Map<string, HostVerdict>();
  let answered: () => void = () => undefined;
  const complete = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const subscription = await broker.follow(desired.id, async (message) => {
    const verdict = verdictOf(message, desired.id);
    if (verdict === undefined) return;
    verdicts.set(verdict.host, verdict);
    if (hosts.every((host) => verdicts.has(host))) answered();
  });
  const timer = setTimeout(answered, timeoutMs);
  let revision: number | undefined;
  try {
    revision = await broker.sessions.write(desired.id, encodeJson(desired), 0);
    await complete;
  } finally {
    clearTimeout(timer);
    await subscription.close();
    if (revision !== undefined) await broker.sessions.remove(desired.id, revision);
    await broker.purge(desired.id);
  }
  const silent = `no answer within ${timeoutMs / 1000} s`;
  return hosts
    .toSorted()
    .map((host) => verdicts.get(host) ?? { host, verdict: 'failed', message: silent });
}

function verdictOf({ body, subject }: SessionMessage, session: string): HostVerdict | undefined {
  const report = parseHostReport(new TextDecoder().decode(body));
  if (report === undefined || subject !== subjects.report(session, report.host)) return undefined;
  return verdictIn(report);
}

function verdictIn(report: HostReport): HostVerdict | undefined {
  const { host } = report;
  switch (report.kind) {
    case 'checked':
      return { host, verdict: 'loads', probes: report.probes, warnings: report.warnings };
    case 'failed': {
      const verdict = report.fault === 'program' ? 'refused' : 'failed';
      return { host, verdict, message: report.message };
    }
    case 'lost':
      return { host, verdict: 'failed', message: report.message };
    case 'armed':
    case 'matched':
    case 'attached':
    case 'ended':
      return undefined;
  }
}
