/** Hosts that differ from the fleet, with the reason for each. */
import type { OutliersAnswer } from '@bpfleet/protocol';
import { escapeControls } from '@bpfleet/protocol';
import { mapLabel } from './entry-label.ts';
import { table } from './table.ts';
import { rangeText } from './top-text.ts';

/** @param all with the hosts that do not differ */
export function outliersText(answer: OutliersAnswer, all: boolean): string {
  const { map, key, measure, threshold, median, deviation, hosts, range } = answer;
  const outliers = hosts.filter(({ outlier }) => outlier);
  const shown = all ? hosts : outliers;
  const compared =
    measure === 'hits'
      ? 'shape, by the Jensen–Shannon distance from all other hosts (0 alike, 1 nothing in common)'
      : measure;
  const name = mapLabel(map, key === undefined ? {} : { key });
  const head =
    `${name}: ${outliers.length} of ${hosts.length} hosts differ in their ${compared}\n` +
    (range === undefined ? '' : `${rangeText(range)}\n`) +
    `median ${number(median)}, robust standard deviation ${number(deviation)}; an outlier is ${threshold} or more of them away` +
    (measure === 'hits' ? ', and 0.1 or more in distance' : '') +
    '\n';
  if (shown.length === 0) return head;
  const rows = shown.map(({ host, value, score, outlier, reason }) => [
    outlier ? escapeControls(host) : `${escapeControls(host)} (no outlier)`,
    score.toFixed(1),
    String(value),
    reason,
  ]);
  return `${head}\n${table(['HOST', 'SCORE', measure.toUpperCase(), 'REASON'], rows)}`;
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}
