/** `--wait 40` and `--at-least 95%` on command lines. */
import { InvalidArgumentError } from 'commander';
import type { AtLeast } from '@bpfleet/protocol';

/** A number of hosts. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count === 0) {
    throw new InvalidArgumentError('give a number of hosts, 1 or more.');
  }
  return count;
}

/** A number of hosts or a share of them. @throws InvalidArgumentError */
export function parseAtLeast(text: string): AtLeast {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent === undefined) {
    if (!/^\d+$/.test(text)) throw new InvalidArgumentError('write it as 40 or 95%.');
    return { kind: 'hosts', hosts: parseCount(text) };
  }
  if (Number(percent) <= 0 || Number(percent) > 100) {
    throw new InvalidArgumentError('a share is more than 0% and at most 100%.');
  }
  return { kind: 'percent', percent: Number(percent) };
}
