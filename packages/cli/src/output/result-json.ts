/** The result of a session as JSON: its maps, each with the hosts it rests on, then the answer contract. */
import {
  addCosts,
  cpuShareOf,
  isCovered,
  isWhole,
  NO_COST,
  nsPerEventOf,
  renderJson,
  type Cost,
  type OutputItem,
  type SessionInfo,
} from '@bpfleet/protocol';
import { jsonLine } from './json-line.ts';

/**
 * Lines for standard output. `partial` is true where any selected host is missing, or was for a part of the time.
 *
 * @param unfinished why this is not the session's last word
 */
export function resultJson(
  maps: readonly OutputItem[],
  session: SessionInfo,
  unfinished?: string,
): string {
  const { hosts } = session.coverage;
  const reporting = [hosts.filter(isCovered).length, hosts.length] as const;
  const lines = maps.map((map) => renderJson(map.kind === 'map' ? { ...map, reporting } : map));
  const coverage = {
    ...session.coverage,
    hosts: hosts.map((outcome) => ({ ...outcome, cost: priced(outcome.cost) })),
    cost: priced(hosts.map(({ cost }) => cost).reduce(addCosts, NO_COST)),
  };
  const result = {
    type: 'result',
    partial: unfinished !== undefined || !hosts.every(isWhole),
    ...(unfinished !== undefined && { unfinished }),
    reporting,
    session: { ...session, coverage },
  };
  return lines.join('') + jsonLine(result);
}

interface Priced extends Cost {
  /** Of all CPUs, 0 to 1; absent where nothing was measured. */
  readonly cpuShare?: number;
  readonly nsPerEvent?: number;
}

function priced(cost: Cost): Priced {
  const nsPerEvent = nsPerEventOf(cost);
  return {
    ...cost,
    ...(cost.availableNs > 0n && { cpuShare: cpuShareOf(cost) }),
    ...(nsPerEvent !== undefined && { nsPerEvent }),
  };
}
