/** Prints a session as it goes: events in time order, the merged maps over and over on a terminal, then the result. */
import {
  END_OF_EVENTS,
  renderCoverage,
  renderJson,
  renderText,
  type OutputItem,
  type SessionInfo,
  type StreamItem,
  unmatchedLines,
} from '@bpfleet/protocol';
import type { Terminal } from '../terminal.ts';
import { LiveView } from './live-view.ts';
import { describeOutcome, missingHosts } from './missing-hosts.ts';
import { resultJson } from './result-json.ts';

export class SessionPrinter {
  readonly #terminal: Terminal;
  readonly #json: boolean;
  readonly #live: LiveView | undefined;
  /** What was said on standard error already. */
  readonly #said = new Set<string>();
  #hostColumn = 0;
  #latest: Extract<StreamItem, { kind: 'live' }> | undefined;

  constructor(terminal: Terminal, { json }: { readonly json: boolean }) {
    this.#terminal = terminal;
    this.#json = json;
    this.#live =
      json || terminal.size === undefined ? undefined : new LiveView(terminal.draw, terminal.size);
  }

  /** Names of hosts stand in a column that is wide enough for all of them. */
  widen(hosts: readonly { readonly host: string }[]): void {
    this.#hostColumn = Math.max(this.#hostColumn, ...hosts.map(({ host }) => host.length));
  }

  add(item: StreamItem): void {
    switch (item.kind) {
      case 'resumed':
      case 'cut-off':
        return;
      case 'session':
        this.#progress(item.session);
        return;
      case 'output':
        this.output(item.item);
        return;
      case 'live':
        this.#latest = item;
        this.#live?.draw(headline(item.session) + this.#maps(item.maps));
        return;
      case 'result':
        this.result(item.maps, item.session);
        return;
    }
  }

  output(item: OutputItem): void {
    if (this.#json) {
      this.#terminal.out(renderJson(item));
      return;
    }
    const { stream, text } = renderText(item, {
      hostColumn: this.#hostColumn,
      escape: this.#escape,
    });
    if (this.#live !== undefined) this.#live.print(text);
    else if (stream === 'out') this.#terminal.out(text);
    else this.#terminal.err(text);
  }

  /** Nothing more comes of a session that has not ended, for that reason: what there is of its result. */
  unfinished(id: string, reason: string): void {
    if (this.#latest !== undefined) this.result(this.#latest.maps, this.#latest.session, reason);
    this.#terminal.err(
      `partial: ${reason}: what its hosts have counted since is missing, and it may go on until they lose their lease; its result, later: bpfleet attach ${id}\n`,
    );
  }

  /** The coverage first, so that nobody reads a part as the whole, then the maps as bpftrace prints them. */
  result(maps: readonly OutputItem[], session: SessionInfo, unfinished?: string): void {
    this.#live?.clear();
    if (this.#json) {
      this.#terminal.out(resultJson(maps, session, unfinished));
    } else {
      this.#terminal.out(renderCoverage(session.coverage) + END_OF_EVENTS + this.#maps(maps));
    }
    const missing = missingHosts(session);
    if (missing.length === 0) return;
    this.#terminal.err(
      `partial: ${missing.length} of ${session.coverage.hosts.length} hosts missing\n` +
        missing.map((outcome) => `  ${describeOutcome(outcome)}\n`).join(''),
    );
  }

  /** Something about the session that is no part of its answer. */
  say(text: string): void {
    if (this.#live === undefined) this.#terminal.err(text);
    else this.#live.print(text);
  }

  /** Leaves the terminal tidy when nothing more will come. */
  abandon(): void {
    this.#live?.clear();
  }

  /** Traced strings must not act on a terminal; in a file they are kept as they are. */
  get #escape(): boolean {
    return this.#terminal.size !== undefined;
  }

  #maps(maps: readonly OutputItem[]): string {
    return maps.map((item) => renderText(item, { escape: this.#escape }).text).join('');
  }

  #progress(session: SessionInfo): void {
    const { state, coverage } = session;
    this.widen(coverage.hosts);
    const hosts = coverage.hosts.length;
    this.#sayOnce(`session ${session.id}: ${hosts} ${hosts === 1 ? 'host' : 'hosts'}\n`, 'session');
    if (state === 'arming') return;
    const settled = coverage.hosts.every(
      (host) => host.state !== 'selected' && host.state !== 'armed',
    );
    if (settled && state === 'running') {
      this.#sayOnce(headline(session), 'attached');
      const waiting = unmatchedLines(coverage.hosts).map((line) => `${line}\n`);
      if (waiting.length > 0) this.#sayOnce(waiting.join(''), 'unmatched');
    }
    for (const outcome of missingHosts(session)) {
      this.#sayOnce(`${describeOutcome(outcome)}\n`, `${outcome.host} ${outcome.state}`);
    }
  }

  #sayOnce(text: string, key: string): void {
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.say(text);
  }
}

/** Such as `hosts 2/3`, with the state while it is not running. */
function headline({ state, coverage }: SessionInfo): string {
  const present = coverage.hosts.filter(
    (host) => host.state === 'attached' || host.state === 'ended',
  );
  const suffix = state === 'running' ? '' : ` (${state})`;
  return `hosts ${present.length}/${coverage.hosts.length}${suffix}\n`;
}
