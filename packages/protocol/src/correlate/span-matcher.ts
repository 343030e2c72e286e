/**
 * Pairs the events of spans. Events of one host come in the order of its clock. On a thread the innermost open span ends
 * first; what never finds its other end is counted, and so is what had to be forgotten.
 */
import { fieldOf, type CorrelatedEvent } from './correlated-event.ts';
import { selection } from './probe-pattern.ts';
import type { Span, SpanDefinition } from './span.ts';

export interface SpanCounts {
  readonly name: string;
  readonly spans: number;
  readonly totalNs: bigint;
  readonly longestNs: bigint;
  /** Enters that no exit has followed. */
  readonly openEnters: number;
  /** Exits without an enter. */
  readonly lostEnters: number;
  /** Enters forgotten because too many were open. */
  readonly forgotten: number;
}

interface Open {
  readonly definition: SpanDefinition;
  readonly event: CorrelatedEvent;
  readonly depth: number;
  readonly key: string;
  readonly thread: string;
}

interface Tally {
  spans: number;
  totalNs: bigint;
  longestNs: bigint;
  unmatchedEnters: number;
  lostEnters: number;
  forgotten: number;
}

/** A thread that is in a system call cannot enter it once more: the exit between was lost. */
const NEVER_NESTED = /^(tracepoint:(raw_)?syscalls|rawtracepoint):sys_enter/;

export class SpanMatcher {
  readonly #definitions: readonly SpanDefinition[];
  readonly #maxOpen: number;
  readonly #tallies = new Map<string, Tally>();
  /** In the order they began. */
  readonly #open = new Set<Open>();
  readonly #byKey = new Map<string, Open[]>();
  readonly #depths = new Map<string, number>();

  /** @param maxOpen spans that may be open at one time, over all hosts */
  constructor(definitions: readonly SpanDefinition[], maxOpen = 100_000) {
    this.#definitions = definitions;
    this.#maxOpen = maxOpen;
    for (const { name } of definitions) this.#tallies.set(name, emptyTally());
  }

  /** The spans that the event ends. */
  take(event: CorrelatedEvent): readonly Span[] {
    const ended: Span[] = [];
    // An event may end one span and begin another.
    for (const definition of this.#definitions) {
      if (selection(definition.exit, event.probes) !== 'all') continue;
      const span = this.#exit(definition, event);
      if (span !== undefined) ended.push(span);
    }
    for (const definition of this.#definitions) {
      if (selection(definition.enter, event.probes) === 'all') this.#enter(definition, event);
    }
    return ended;
  }

  /** By definition, in the order they were given. */
  counts(): readonly SpanCounts[] {
    const open = new Map<string, number>();
    for (const { definition } of this.#open) {
      open.set(definition.name, (open.get(definition.name) ?? 0) + 1);
    }
    return [...this.#tallies].map(([name, { unmatchedEnters, ...tally }]) => ({
      name,
      ...tally,
      openEnters: unmatchedEnters + (open.get(name) ?? 0),
    }));
  }

  #enter(definition: SpanDefinition, event: CorrelatedEvent): void {
    const key = keyOf(definition, event);
    if (key === undefined) return;
    const others = this.#byKey.get(key) ?? [];
    this.#byKey.set(key, others);
    if (NEVER_NESTED.test(definition.enter)) {
      for (const other of [...others]) {
        this.#close(other);
        this.#tally(definition).unmatchedEnters += 1;
      }
    }
    const thread = `${event.host} ${event.tid}`;
    const depth = this.#depths.get(thread) ?? 0;
    this.#depths.set(thread, depth + 1);
    const open = { definition, event, depth, key, thread };
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), open]);
    this.#open.add(open);
    if (this.#open.size <= this.#maxOpen) return;
    const [oldest] = this.#open;
    if (oldest === undefined) return;
    this.#close(oldest);
    this.#tally(oldest.definition).forgotten += 1;
  }

  #exit(definition: SpanDefinition, exit: CorrelatedEvent): Span | undefined {
    const key = keyOf(definition, exit);
    if (key === undefined) return undefined;
    const tally = this.#tally(definition);
    const open = this.#byKey.get(key)?.at(-1);
    if (open === undefined) {
      tally.lostEnters += 1;
      return undefined;
    }
    this.#close(open);
    const { event: enter, depth } = open;
    const durationNs = exit.unixNs - enter.unixNs;
    tally.spans += 1;
    tally.totalNs += durationNs;
    if (durationNs > tally.longestNs) tally.longestNs = durationNs;
    return { name: definition.name, enter, exit, durationNs, depth };
  }

  #close(open: Open): void {
    this.#open.delete(open);
    const rest = (this.#byKey.get(open.key) ?? []).filter((other) => other !== open);
    if (rest.length === 0) this.#byKey.delete(open.key);
    else this.#byKey.set(open.key, rest);
    const depth = (this.#depths.get(open.thread) ?? 1) - 1;
    if (depth === 0) this.#depths.delete(open.thread);
    else this.#depths.set(open.thread, depth);
  }

  #tally({ name }: SpanDefinition): Tally {
    const known = this.#tallies.get(name);
    if (known !== undefined) return known;
    const tally = emptyTally();
    this.#tallies.set(name, tally);
    return tally;
  }
}

function emptyTally(): Tally {
  return { spans: 0, totalNs: 0n, longestNs: 0n, unmatchedEnters: 0, lostEnters: 0, forgotten: 0 };
}

/** Undefined for an event that has not all of the fields. */
function keyOf({ name, by }: SpanDefinition, event: CorrelatedEvent): string | undefined {
  const parts: string[] = [name, event.host];
  for (const part of by) {
    const value = valueOf(part, event);
    if (value === undefined) return undefined;
    parts.push(value);
  }
  return parts.join('\0');
}

function valueOf(part: string, event: CorrelatedEvent): string | undefined {
  if (part === 'tid') return String(event.tid);
  if (part === 'pid') return String(event.pid);
  const value = fieldOf(event, part);
  return value === undefined ? undefined : `${typeof value} ${value}`;
}
