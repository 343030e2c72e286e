/** What of a session's output this reader has had, so that it can go on at another coordinator without a line twice. */
import { referenceText, type OutputItem } from '@bpfleet/protocol';

/** How much earlier than others an item may be that comes after them. */
const DISORDER_NS = 5_000_000_000n;
const MAX_REMEMBERED = 50_000;

export class SeenOutput {
  /** How often an item like this has come, oldest first. */
  readonly #seen = new Map<string, { times: number; readonly unixNs: bigint }>();
  #newestNs = 0n;
  /** Of everything later than this it is known whether it has come. */
  #knownSinceNs = 0n;

  /** Ask for what was printed after this fleet time; what has come already is then told apart. */
  get sinceNs(): bigint {
    const sinceNs = this.#newestNs - DISORDER_NS;
    return sinceNs > this.#knownSinceNs ? sinceNs : this.#knownSinceNs;
  }

  note(item: OutputItem): void {
    const unixNs = timeOf(item);
    if (unixNs === undefined) return;
    if (unixNs > this.#newestNs) this.#newestNs = unixNs;
    const key = keyOf(item, unixNs);
    const known = this.#seen.get(key);
    if (known !== undefined) known.times += 1;
    else this.#seen.set(key, { times: 1, unixNs });
    if (this.#seen.size > MAX_REMEMBERED) this.#forgetOldest();
  }

  /** True for an item that has come before; each time counts once. */
  takeKnown(item: OutputItem): boolean {
    const unixNs = timeOf(item);
    if (unixNs === undefined) return false;
    const key = keyOf(item, unixNs);
    const known = this.#seen.get(key);
    if (known === undefined) return false;
    known.times -= 1;
    if (known.times === 0) this.#seen.delete(key);
    return true;
  }

  #forgetOldest(): void {
    for (const [key, { unixNs }] of this.#seen) {
      if (this.#seen.size <= MAX_REMEMBERED / 2) return;
      this.#seen.delete(key);
      if (unixNs > this.#knownSinceNs) this.#knownSinceNs = unixNs;
    }
  }
}

function timeOf(item: OutputItem): bigint | undefined {
  return 'unixNs' in item ? item.unixNs : undefined;
}

function keyOf(item: OutputItem, unixNs: bigint): string {
  const host = 'host' in item ? item.host : '';
  const thread = 'tid' in item ? item.tid : '';
  const what = whatOf(item);
  return `${unixNs} ${item.kind} ${host} ${thread} ${what}`;
}

/** What tells it from others of its host and time. */
function whatOf(item: OutputItem): string {
  switch (item.kind) {
    case 'map':
      return item.map.name;
    case 'span':
      return `${item.span.name} ${item.span.enter.tid} ${item.span.enter.unixNs}`;
    case 'pair': {
      const { join, left, right } = item.pair;
      return `${join} ${referenceText(left)} ${referenceText(right)}`;
    }
    default:
      return 'text' in item ? item.text : '';
  }
}
