/** What an agent says of its host in every heartbeat. */
import type { Heartbeat } from '@bpfleet/protocol';
import { Machine } from '../target/machine.ts';
import { AGENT_VERSION } from '../version.ts';

export type HostDescription = Pick<Heartbeat, 'kernel' | 'arch' | 'features' | 'agentVersion'>;

export function describeHost(machine: Machine = new Machine()): HostDescription {
  const features = Object.entries(machine.features)
    .filter(([, has]) => has === true)
    .map(([name]) => name);
  if (machine.btf !== undefined) features.push('btf');
  return {
    kernel: machine.host.kernelRelease,
    arch: machine.host.arch,
    features: features.toSorted(),
    agentVersion: AGENT_VERSION,
  };
}
