/** Leaves in a session's entry that somebody wants it stopped, for its owner or whoever comes after it. */
import type { PagedBucket } from '../nats/paged-bucket.ts';
import { decodeStored, encodeStored, withMemo } from './stored-session.ts';

const RETRY_AFTER_MS = 250;

/** Tries again while the broker is away, or others write the entry; until `over`. */
export async function askToStop(
  sessions: PagedBucket,
  id: string,
  over: { readonly isGiven: boolean },
): Promise<void> {
  while (!over.isGiven) {
    try {
      const entry = await sessions.read(id);
      const stored = entry === undefined ? undefined : decodeStored(entry);
      if (entry === undefined || stored === undefined || stored.state === 'stop') return;
      const asked = encodeStored(withMemo(stored, { stopAsked: true }));
      await sessions.write(id, asked, entry.revision);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }
}
