/**
 * Events and spans as a trace that ui.perfetto.dev and chrome://tracing open (Chrome's JSON trace format): a process for
 * each host, its threads with their own numbers, what was printed as instants. Times are microseconds since the session
 * began: from 1970 on they would not fit into a number of JavaScript to the nanosecond.
 */
import type { ExportHead, HistoryEvent, HistorySpan } from '@bpfleet/protocol';
import { showBytes } from '@bpfleet/protocol';

export class PerfettoTrace {
  readonly #startNs: bigint;
  readonly #head: ExportHead;
  /** By name, the number of its process. */
  readonly #hosts = new Map<string, number>();
  readonly #threads = new Set<string>();
  #first = true;

  constructor(head: ExportHead) {
    const { startedAtMs, createdAtMs } = head.session;
    this.#startNs = BigInt(startedAtMs ?? createdAtMs) * 1_000_000n;
    this.#head = head;
  }

  begin(): string {
    const { id, program } = this.#head.session;
    const start = new Date(Number(this.#startNs / 1_000_000n)).toISOString();
    const about = { session: id, program: showBytes(program), start };
    return `{"displayTimeUnit":"ns","otherData":${JSON.stringify(about)},"traceEvents":[`;
  }

  event(event: HistoryEvent): string {
    const { host, pid, tid, atNs, kind, probes, text, fields } = event;
    const lines = showBytes(text).trimEnd();
    return this.#add(host, pid, tid, {
      ph: 'i',
      s: 't',
      ts: this.#micros(atNs),
      name: probes[0] ?? (lines === '' ? kind : lines.slice(0, 80)),
      cat: kind,
      args: { text: lines, ...plain(fields) },
    });
  }

  span({ name, host, pid, tid, enterNs, durationNs, fields }: HistorySpan): string {
    return this.#add(host, pid, tid, {
      ph: 'X',
      ts: this.#micros(enterNs),
      dur: micros(durationNs),
      name,
      cat: 'span',
      args: plain(fields),
    });
  }

  end(): string {
    return '\n]}\n';
  }

  #add(host: string, pid: number, tid: number, event: object): string {
    let text = '';
    let process = this.#hosts.get(host);
    if (process === undefined) {
      process = this.#hosts.size + 1;
      this.#hosts.set(host, process);
      text += this.#line({ ph: 'M', name: 'process_name', pid: process, args: { name: host } });
    }
    const thread = `${process} ${pid} ${tid}`;
    if (!this.#threads.has(thread)) {
      this.#threads.add(thread);
      const name = tid === 0 ? 'no thread' : `pid ${pid} tid ${tid}`;
      text += this.#line({ ph: 'M', name: 'thread_name', pid: process, tid, args: { name } });
    }
    return text + this.#line({ ...event, pid: process, tid });
  }

  #line(event: object): string {
    const comma = this.#first ? '' : ',';
    this.#first = false;
    return `${comma}\n${JSON.stringify(event, asNumber)}`;
  }

  #micros(unixNs: bigint): Micros {
    return micros(unixNs - this.#startNs);
  }
}

/** Three decimals, exact. */
type Micros = number;

function micros(ns: bigint): Micros {
  return Number(ns) / 1_000;
}

function asNumber(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(3)) : value;
}

function plain(
  fields: Readonly<Record<string, bigint | boolean | string>>,
): Readonly<Record<string, number | boolean | string>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, plainValue(value)]),
  );
}

function plainValue(value: bigint | boolean | string): number | boolean | string {
  if (typeof value === 'string') return showBytes(value);
  if (typeof value === 'boolean') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
