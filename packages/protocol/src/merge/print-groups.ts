/**
 * `print(@map)` on a fleet: the n-th print of every host belongs together. A group is complete when all live hosts
 * have reported it; it comes out incomplete when it has waited for the grace period, and what comes after that is
 * counted: a second print of the same window would look like the next one.
 */
import type { EventSchema } from '../schema/event-schema.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import type { Contribution } from './runner-state.ts';

/** What is printed. Hosts number their events each in their own way, but write the same print the same. */
export interface MapPrint {
  readonly id: string;
  readonly map: MapSchema;
  readonly top: number | undefined;
  readonly divisor: number | undefined;
}

export function mapPrint(
  { map: name, top, divisor }: Extract<EventSchema, { kind: 'print-map' }>,
  map: MapSchema,
): MapPrint {
  return { id: `${name} ${top} ${divisor}`, map, top, divisor };
}

export interface PrintGroup {
  readonly print: MapPrint;
  readonly ordinal: number;
  /** The earliest report's time. */
  unixNs: bigint;
  readonly reports: Map<string, Contribution[]>;
  /** Hosts whose report has come whole. */
  readonly complete: Set<string>;
  waitingSinceMs: number | undefined;
}

export interface PrintReport {
  readonly host: string;
  readonly epoch: number;
  readonly print: MapPrint;
  readonly ordinal: number;
  readonly unixNs: bigint;
  readonly entries: readonly Contribution[];
  /** Further parts of it follow. */
  readonly more: boolean;
}

/** So many groups wait at most, and so many that came out are remembered for each event. */
const MAX_GROUPS = 4096;
/** A report takes as much as so many entries: no host alone can fill the groups. */
const REPORT_ENTRIES = 512;
/** Runners and prints whose place is remembered. */
const MAX_OFFSETS = 1 << 18;

export class PrintGroups {
  readonly #graceMs: number;
  readonly #waiting = new Map<string, PrintGroup>();
  /** By host: reports that came when their group had come out. */
  readonly #late = new Map<string, number>();
  /** By print: when each group that has come out was printed. */
  readonly #done = new Map<string, Map<number, bigint>>();
  /** By host, epoch and print: added to the host's ordinals, which start anew with every runner. */
  readonly #offsets = new Map<string, number>();

  /** By host, entries that wait; and reports for which there was no room. */
  readonly #entries = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  readonly #maxEntries: number;

  /** @param maxEntries so many of one host wait at most */
  constructor(graceMs: number, maxEntries: number = Infinity) {
    this.#graceMs = graceMs;
    this.#maxEntries = maxEntries;
  }

  /** How many reports of a host did not fit. */
  refused(host: string): number {
    return this.#refused.get(host) ?? 0;
  }

  /** How many groups wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** How many reports of a host came too late. */
  late(host: string): number {
    return this.#late.get(host) ?? 0;
  }

  add(report: PrintReport): void {
    const entriesOfHost =
      (this.#entries.get(report.host) ?? 0) + REPORT_ENTRIES + report.entries.length;
    if (entriesOfHost > this.#maxEntries) {
      this.#refused.set(report.host, this.refused(report.host) + 1);
      return;
    }
    const ordinal = report.ordinal + this.#offset(report);
    const id = `${ordinal}:${report.print.id}`;
    let group = this.#waiting.get(id);
    if (group === undefined && this.#done.get(report.print.id)?.has(ordinal) === true) {
      if (!report.more) this.#late.set(report.host, this.late(report.host) + 1);
      return;
    }
    if (group === undefined) {
      group = {
        print: report.print,
        ordinal,
        unixNs: report.unixNs,
        reports: new Map(),
        complete: new Set(),
        waitingSinceMs: undefined,
      };
      this.#waiting.set(id, group);
    }
    const isFirst = !group.reports.has(report.host);
    this.#entries.set(report.host, isFirst ? entriesOfHost : entriesOfHost - REPORT_ENTRIES);
    if (report.unixNs < group.unixNs) group.unixNs = report.unixNs;
    const entries = group.reports.get(report.host);
    if (entries === undefined) group.reports.set(report.host, [...report.entries]);
    else entries.push(...report.entries);
    if (!report.more) group.complete.add(report.host);
  }

  /** Groups that wait for nobody, in the order of their ordinals; they are gone from here then. */
  takeComplete(live: ReadonlySet<string>): PrintGroup[] {
    return this.#take(
      (group) =>
        group.complete.size >= Math.max(live.size, group.reports.size, 1) &&
        [...group.reports.keys()].every((host) => group.complete.has(host)) &&
        [...live].every((host) => group.complete.has(host)),
    );
  }

  /** Groups whose grace has run out; it runs from the first call that sees them. */
  takeExpired(nowMs: number): PrintGroup[] {
    for (const group of this.#waiting.values()) group.waitingSinceMs ??= nowMs;
    return this.#take((group) => nowMs - (group.waitingSinceMs ?? nowMs) >= this.#graceMs);
  }

  takeAll(): PrintGroup[] {
    return this.#take(() => true);
  }

  /** Of too many waiting groups the oldest. */
  takeOverflow(): PrintGroup[] {
    let excess = this.#waiting.size - MAX_GROUPS;
    return excess <= 0 ? [] : this.#take(() => excess-- > 0);
  }

  #take(due: (group: PrintGroup) => boolean): PrintGroup[] {
    const taken: PrintGroup[] = [];
    for (const [id, group] of this.#waiting) {
      if (!due(group)) continue;
      this.#waiting.delete(id);
      for (const [host, { length }] of group.reports) {
        this.#entries.set(host, (this.#entries.get(host) ?? 0) - REPORT_ENTRIES - length);
      }
      this.#remember(group);
      taken.push(group);
    }
    return taken.sort((a, b) => a.ordinal - b.ordinal);
  }

  #remember(group: PrintGroup): void {
    let done = this.#done.get(group.print.id);
    if (done === undefined) this.#done.set(group.print.id, (done = new Map()));
    done.set(group.ordinal, group.unixNs);
    const [oldest] = done.keys();
    if (done.size > MAX_GROUPS && oldest !== undefined) done.delete(oldest);
  }

  /**
   * A host that joins late, or whose runner was restarted, counts from 0 while the others are far ahead: its first
   * print joins the group that is near in time, or a new one after all others. A straggler is near the group it
   * missed, and stays with its ordinal.
   */
  #offset(report: PrintReport): number {
    const id = `${report.print.id}:${report.epoch}:${report.host}`;
    const known = this.#offsets.get(id);
    if (known !== undefined) return known;
    const offset = this.#newOffset(report);
    const [oldest] = this.#offsets.keys();
    if (this.#offsets.size >= MAX_OFFSETS && oldest !== undefined) this.#offsets.delete(oldest);
    this.#offsets.set(id, offset);
    return offset;
  }

  #newOffset({ print, ordinal, unixNs }: PrintReport): number {
    const done = this.#done.get(print.id);
    const doneAt = done?.get(ordinal);
    const passed = done !== undefined && ordinal < Math.min(...done.keys());
    if (!passed && (doneAt === undefined || this.#near(doneAt, unixNs))) return 0;
    const waiting = [...this.#waiting.values()].filter((group) => group.print.id === print.id);
    const near = waiting.find((group) => this.#near(group.unixNs, unixNs));
    if (near !== undefined) return near.ordinal - ordinal;
    const last = Math.max(...waiting.map((group) => group.ordinal), ...(done?.keys() ?? []));
    return last + 1 - ordinal;
  }

  #near(a: bigint, b: bigint): boolean {
    const apart = a < b ? b - a : a - b;
    return apart <= BigInt(this.#graceMs) * 1_000_000n;
  }
}
