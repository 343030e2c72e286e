/** Why no host could run a program: each message once, with the hosts it concerns. */
import {
  atLeastText,
  hostsNeeded,
  type ApiError,
  type AtLeast,
  type ProgramRejected,
} from '@bpfleet/protocol';
import type { HostProgress } from './host-progress.ts';

type Fault = ProgramRejected['faults'][number];

/** In order of the hosts' names. */
export function faultsOf(
  hosts: ReadonlyMap<string, HostProgress>,
  fault: 'program' | 'host',
): readonly Fault[] {
  const byMessage = new Map<string, string[]>();
  for (const [host, progress] of [...hosts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (progress.state !== 'failed' && progress.state !== 'lost') continue;
    if ((progress.fault ?? 'host') !== fault) continue;
    const message = progress.reason ?? 'gave no reason';
    const concerned = byMessage.get(message);
    if (concerned === undefined) byMessage.set(message, [host]);
    else concerned.push(host);
  }
  return [...byMessage].map(([message, concerned]) => ({ message, hosts: concerned }));
}

export function programRejected(faults: readonly Fault[]): ProgramRejected {
  return {
    code: 'program-rejected',
    message: faults.map(({ message }) => message).join('\n'),
    faults,
  };
}

export function noHostArmed(faults: readonly Fault[]): ApiError {
  const reasons = faults.map(({ message, hosts }) => `${hosts.join(', ')}: ${message}`);
  return { code: 'no-host-armed', message: `no host could start it\n${reasons.join('\n')}` };
}

/** Undefined where no host armed at all: that has a reason of its own. */
export function tooFewArmed(
  hosts: ReadonlyMap<string, HostProgress>,
  atLeast: AtLeast | undefined,
): ApiError | undefined {
  const armed = [...hosts.values()].filter(({ state }) => state !== 'failed' && state !== 'lost');
  if (atLeast === undefined || armed.length === 0) return undefined;
  const reasons = [...faultsOf(hosts, 'program'), ...faultsOf(hosts, 'host')].map(
    ({ message, hosts: concerned }) => `${concerned.join(', ')}: ${message.trimEnd()}`,
  );
  return {
    code: 'too-few-hosts',
    message:
      `${armed.length} of ${hosts.size} hosts could start it, ` +
      `at least ${hostsNeeded(atLeast, hosts.size)} were asked for (${atLeastText(atLeast)})\n` +
      reasons.join('\n'),
  };
}

export function tooManyHosts(selected: number, most: number): ApiError {
  const [many, limit] = [selected, most].map((hosts) => hosts.toLocaleString('en-US'));
  return {
    code: 'too-many-hosts',
    message: `${many} live hosts are meant, and a session has ${limit} at most: select some of them by name or label`,
  };
}
