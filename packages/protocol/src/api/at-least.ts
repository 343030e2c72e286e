/** How many of the selected hosts an answer must rest on to be wanted at all. */

export type AtLeast =
  | { readonly kind: 'hosts'; readonly hosts: number }
  /** More than 0, at most 100. */
  | { readonly kind: 'percent'; readonly percent: number };

/** Of so many selected hosts. */
export function hostsNeeded(atLeast: AtLeast | undefined, selected: number): number {
  if (atLeast === undefined) return 1;
  if (atLeast.kind === 'hosts') return atLeast.hosts;
  // 95 % of 20 are 19, whatever rounding makes of 0.95 × 20.
  return Math.max(1, Math.ceil((atLeast.percent * selected) / 100 - 1e-9));
}

export function atLeastText(atLeast: AtLeast): string {
  return atLeast.kind === 'hosts' ? String(atLeast.hosts) : `${atLeast.percent}%`;
}
