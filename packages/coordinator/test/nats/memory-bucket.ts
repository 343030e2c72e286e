/** A bucket in memory, which keeps count of its revisions. */
import {
  EntryChangedError,
  type Entry,
  type EntryBucket,
  type EntryChange,
} from '../../src/nats/entry-bucket.ts';

export function memoryBucket(): EntryBucket {
  const entries = new Map<string, Entry>();
  const watchers: ((change: EntryChange) => void)[] = [];
  let revision = 0;
  const changed = (change: EntryChange): void => {
    for (const receive of watchers) receive(change);
  };
  const expect = (id: string, replaced: number): void => {
    if ((entries.get(id)?.revision ?? 0) !== replaced) throw new EntryChangedError(id);
  };
  return {
    read: async (id) => Promise.resolve(entries.get(id)),
    ids: async () => Promise.resolve([...entries.keys()]),
    write: async (id, body, replaced) => {
      expect(id, replaced);
      revision += 1;
      entries.set(id, { id, body, revision });
      changed({ id, body, revision });
      return Promise.resolve(revision);
    },
    remove: async (id, replaced) => {
      expect(id, replaced);
      revision += 1;
      entries.delete(id);
      changed({ id, revision });
      return Promise.resolve();
    },
    hasExpired: () => false,
    watch: async (receive) => {
      watchers.push(receive);
      const all = [...entries.values()].toSorted((a, b) => a.revision - b.revision);
      for (const entry of all) receive(entry);
      return Promise.resolve();
    },
  };
}
