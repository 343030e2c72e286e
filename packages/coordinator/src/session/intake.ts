/**
 * Takes what the stream brings of a session into its view and, on its owner, into the store. Hosts may send anything:
 * what is malformed is refused, and the messages after it are read.
 */
import type { Frame, FrameHeader, HostReport } from '@bpfleet/protocol';
import type { Logger } from 'pino';
import { inFleetTime } from '../fleet/clock.ts';
import type { SessionMessage } from '../nats/session-message.ts';
import { steadyMs } from '../steady-time.ts';
import type { RecordedFrame } from '../store/recorded-frame.ts';
import type { Ownership } from './ownership.ts';
import type { ProgressEvent } from './progress.ts';
import { readSessionMessage } from './session-content.ts';
import type { SessionState } from './session-state.ts';
import { isLeftOut } from './stored-session.ts';

export interface IntakeParts {
  readonly state: SessionState;
  /** Undefined while another coordinator is the owner. */
  readonly owned: () => Ownership | undefined;
  readonly onReport: (report: HostReport, storedAtMs: number) => void;
  readonly advance: (event: ProgressEvent) => void;
  readonly log: Logger;
}

export class Intake {
  readonly #parts: IntakeParts;
  /** The stream up to here is in the view. */
  #takenUpTo = 0;
  /** The stream up to here was in the view when this coordinator became the owner. */
  #ownedSince = 0;
  #malformed = 0;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  get takenUpTo(): number {
    return this.#takenUpTo;
  }

  /** The stream comes once more from its beginning, for the store has none of it yet. */
  recordFromBeginning(): void {
    this.#ownedSince = this.#takenUpTo;
  }

  async take(message: SessionMessage): Promise<void> {
    const { subject, storedAtMs, streamSequence } = message;
    const isNew = streamSequence > this.#takenUpTo;
    if (isNew) this.#takenUpTo = streamSequence;
    try {
      const content = readSessionMessage(this.#parts.state.id, message);
      if (content.kind === 'malformed') this.#refuse(message.kind, subject);
      else if (content.kind === 'frame') {
        await this.#takeFrame(content.header, content.frame, message, isNew);
      } else if (isNew && !isLeftOut(this.#parts.state.stored, content.report.host)) {
        this.#parts.onReport(content.report, storedAtMs);
      }
    } catch (error) {
      this.#parts.log.error({ err: error, subject }, 'take message');
      this.#malformed += 1;
    }
  }

  /** What the store is to have of a message that has been taken before. */
  read(message: SessionMessage): RecordedFrame | undefined {
    const content = readSessionMessage(this.#parts.state.id, message);
    if (content.kind !== 'frame' || isLeftOut(this.#parts.state.stored, content.header.host)) {
      return undefined;
    }
    return this.#recordedOf(content.header, content.frame, message.streamSequence);
  }

  async #takeFrame(
    header: FrameHeader,
    frame: Frame,
    { streamSequence, following }: SessionMessage,
    isNew: boolean,
  ): Promise<void> {
    const { state, owned, advance } = this.#parts;
    const { view, display, life, stored } = state;
    const { host } = header;
    if (isLeftOut(stored, host)) return;
    const recorded = this.#recordedOf(header, frame, streamSequence);
    if (recorded === undefined) {
      if (isNew && state.progress.hosts.has(host)) view.refuse(host);
      this.#refuse('frame', host);
      return;
    }
    if (streamSequence <= this.#ownedSince) await owned()?.record(recorded);
    if (!isNew) return;
    life.heard(host, steadyMs());
    if (!view.admits(header)) return;
    view.apply(recorded.header, frame);
    if (frame.kind === 'map') display.mapsChanged();
    if (frame.kind === 'losses' || frame.kind === 'cost') display.infoChanged();
    await owned()?.record(recorded);
    const end = frame.kind === 'end' && { end: frame };
    advance({ kind: 'frame', host, behind: following > 0, ...end });
  }

  /** In fleet time; undefined for what no host of this session can have sent. */
  #recordedOf(
    header: FrameHeader,
    frame: Frame,
    streamSequence: number,
  ): RecordedFrame | undefined {
    const { state } = this.#parts;
    const { view, progress } = state;
    const schema = view.schemaOf(header);
    if (schema === undefined || !progress.hosts.has(header.host)) return undefined;
    const timed = inFleetTime(header, state.clockOf(header.host));
    return { header: timed, frame, schema, streamSequence };
  }

  #refuse(what: string, from: string): void {
    this.#malformed += 1;
    // The first few say what is wrong; a flood must not fill the log.
    if (this.#malformed <= 10) this.#parts.log.warn({ from }, `refused a malformed ${what}`);
  }
}
