/** A timeline as JSON, one object a line. */
import {
  fieldsJson,
  pairJson,
  referenceText,
  spanJson,
  type TimelineItem,
} from '@bpfleet/protocol';
import { jsonLine } from './json-line.ts';

export function timelineJson(item: TimelineItem): string {
  switch (item.kind) {
    case 'timeline':
      return jsonLine({ type: 'timeline', sessions: item.sessions, clock_error_ns: item.clocks });
    case 'event': {
      const { event, label, gapNs, isCentre } = item;
      const { session, host, pid, tid, unixNs, errorNs, probes, text } = event;
      const known = {
        ...{ type: 'event', event: referenceText(event), session, label, host, pid, tid },
        ...{ at_ns: String(unixNs), error_ns: errorNs },
        ...(gapNs !== undefined && { gap_ns: Number(gapNs) }),
        ...(isCentre === true && { centre: true }),
        ...{ probes, text },
      };
      return `${jsonLine(known).trimEnd().slice(0, -1)},"fields":${fieldsJson(event.fields)}}\n`;
    }
    case 'span':
      return `{"type":"span","host":${JSON.stringify(item.host)},"data":${spanJson(item.span)}}\n`;
    case 'pair':
      return `{"type":"pair","data":${pairJson(item.pair)}}\n`;
    case 'loss': {
      const { host, fromNs, toNs, count } = item.loss;
      return jsonLine({
        type: 'loss',
        host,
        after_ns: String(fromNs),
        until_ns: String(toNs),
        count,
      });
    }
    case 'end':
      return jsonLine({ type: 'end', events: item.events, spans: item.spans, joins: item.joins });
    case 'fault':
      return '';
  }
}
