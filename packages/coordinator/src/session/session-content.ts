/** What a message of the stream says about a session, where it is what its subject says it is. */
import {
  decodeFrame,
  FrameError,
  parseHostReport,
  subjects,
  type Frame,
  type FrameHeader,
  type HostReport,
} from '@bpfleet/protocol';
import type { SessionMessage } from '../nats/session-message.ts';

export type SessionContent =
  | { readonly kind: 'report'; readonly report: HostReport }
  | { readonly kind: 'frame'; readonly header: FrameHeader; readonly frame: Frame }
  | { readonly kind: 'malformed' };

const MALFORMED: SessionContent = { kind: 'malformed' };

export function readSessionMessage(
  session: string,
  { kind, body, subject }: SessionMessage,
): SessionContent {
  if (kind === 'report') {
    const report = parseHostReport(new TextDecoder().decode(body));
    if (report?.session !== session || subject !== subjects.report(session, report.host)) {
      return MALFORMED;
    }
    return { kind: 'report', report };
  }
  const decoded = decodeFrame(body);
  if (decoded instanceof FrameError) return MALFORMED;
  const { header, frame } = decoded;
  if (header.session !== session || subject !== subjects.data(session, header.host)) {
    return MALFORMED;
  }
  return { kind: 'frame', header, frame };
}
