/** A frame of a session on its way into the store. */
import type { Frame, FrameHeader, Schema } from '@bpfleet/protocol';

export interface RecordedFrame {
  /** In fleet time. */
  readonly header: FrameHeader;
  readonly frame: Frame;
  readonly schema: Schema;
  /** Its place in the stream. */
  readonly streamSequence: number;
}
