/** One message of a session, as the stream keeps it. */

export interface SessionMessage {
  readonly kind: 'data' | 'report';
  readonly subject: string;
  readonly body: Uint8Array;
  /** Place in the stream; ascending, with gaps where other sessions wrote. */
  readonly streamSequence: number;
  /** Unix milliseconds at which the stream took it. */
  readonly storedAtMs: number;
  /** How many of the session came after it, when the server sent it. */
  readonly following: number;
}
