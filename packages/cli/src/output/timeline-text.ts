/** A timeline as lines: when, since when, where, which session, what. */
import {
  escapeControls,
  joinSummaryText,
  nanosecondsText,
  pairText,
  referenceText,
  spanSummaryText,
  spanText,
  type CorrelatedEvent,
  type TimelineItem,
} from '@bpfleet/protocol';

/** Lines for standard output; nothing for a fault. */
export class TimelineText {
  readonly #references: boolean;
  #labels: readonly string[] = [];
  #hostWidth = 4;

  /** @param references name each event, so that `history around` can be asked about it */
  constructor(references: boolean) {
    this.#references = references;
  }

  line(item: TimelineItem): string {
    switch (item.kind) {
      case 'timeline': {
        this.#labels = item.sessions.map(({ label }) => label);
        const hosts = Object.entries(item.clocks);
        this.#hostWidth = Math.max(4, ...hosts.map(([host]) => host.length));
        return hosts.length === 0 ? '' : `clock error: ${clocksText(hosts)}\n`;
      }
      case 'event': {
        const { event, gapNs, label, isCentre } = item;
        const mark = isCentre === true ? '>' : ' ';
        const session = this.#labels.length > 1 ? `${escapeControls(label)}  ` : '';
        const reference = this.#references ? `${escapeControls(referenceText(event))}  ` : '';
        return `${mark}${this.#place(event, gapNs)}  ${reference}${session}${lineOf(event.text)}\n`;
      }
      case 'span':
        return ` ${this.#place(item.span.exit, undefined)}  ${spanText(item.span, escapeControls)}`;
      case 'pair':
        return pairText(item.pair, escapeControls);
      case 'loss': {
        const { host, fromNs, count } = item.loss;
        const many = count === 0 ? 'events may be missing' : `${count} events lost`;
        return ` ${timeText(fromNs)}  ${escapeControls(host)}  ${many}\n`;
      }
      case 'end':
        return [
          `${item.events} events`,
          ...item.spans.map(spanSummaryText),
          ...item.joins.map(joinSummaryText),
        ]
          .map((line) => `${line}\n`)
          .join('');
      case 'fault':
        return '';
    }
  }

  #place({ unixNs, host, pid, tid }: CorrelatedEvent, gapNs: bigint | undefined): string {
    const gap = gapNs === undefined ? '' : `+${nanosecondsText(gapNs)}`;
    const thread = `${pid}/${tid}`;
    return `${timeText(unixNs)}  ${gap.padStart(11)}  ${escapeControls(host).padEnd(this.#hostWidth)}  ${thread.padEnd(11)}`;
  }
}

/** `2026-11-23 10:30:00.250123456Z`, which `--at` reads. */
export function timeText(unixNs: bigint): string {
  const iso = new Date(Number(unixNs / 1_000_000n)).toISOString();
  const nanoseconds = (unixNs % 1_000_000_000n).toString().padStart(9, '0');
  return `${iso.slice(0, 19).replace('T', ' ')}.${nanoseconds}Z`;
}

function clocksText(hosts: readonly (readonly [string, number])[]): string {
  return hosts
    .map(([host, errorNs]) => `${escapeControls(host)} ±${nanosecondsText(errorNs)}`)
    .join(', ');
}

function lineOf(text: string): string {
  return escapeControls(text.endsWith('\n') ? text.slice(0, -1) : text);
}
