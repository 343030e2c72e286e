/**
 * A bucket whose entries have pages beside them: agents read the entry alone, which is small, and coordinators both.
 * Pages are written before the entry that counts them, each by compare-and-set, so that whoever reads an entry finds its
 * pages as new as it is or newer, and of several writers one wins.
 */
import { EntryChangedError, type EntryBucket, type EntryChange } from './entry-bucket.ts';

/** What an entry says, and what its pages do. */
export interface PagedText {
  readonly body: string;
  readonly pages: readonly string[];
}

export interface PagedEntry extends PagedText {
  readonly id: string;
  /** Grows with every write of the entry or one of its pages. */
  readonly revision: number;
}

/** An entry as it is now; without a text it was removed. */
export interface PagedChange {
  readonly id: string;
  readonly revision: number;
  readonly text?: PagedText;
}

interface Known {
  readonly text: string;
  readonly revision: number;
}

/** Of an entry, what this process has last read, heard or written. */
interface KnownEntry {
  body: Known | undefined;
  readonly pages: Known[];
}

const SEPARATOR = '.';
/** What comes of others is bounded. */
const MAX_PAGES = 10_000;

export class PagedBucket {
  readonly #bucket: EntryBucket;
  readonly #pagesOf: (body: string) => number;
  readonly #known = new Map<string, KnownEntry>();

  /** @param pagesOf how many pages belong to an entry, as it says */
  constructor(bucket: EntryBucket, pagesOf: (body: string) => number) {
    this.#bucket = bucket;
    this.#pagesOf = pagesOf;
  }

  /** Undefined where there is none, or it was removed. */
  async read(id: string): Promise<PagedEntry | undefined> {
    const entry = await this.#bucket.read(id);
    if (entry === undefined) {
      this.#known.delete(id);
      return undefined;
    }
    const { body, revision } = entry;
    const count = this.#pagesOf(body);
    const pages = await Promise.all(
      Array.from({ length: count }, async (_, index) => this.#bucket.read(pageId(id, index))),
    );
    this.#note(id, undefined, { text: body, revision });
    for (const [index, page] of pages.entries()) {
      if (page !== undefined) this.#note(id, index, { text: page.body, revision: page.revision });
    }
    return this.#entry(id);
  }

  async list(): Promise<readonly PagedEntry[]> {
    const ids = (await this.#bucket.ids()).filter((id) => !id.includes(SEPARATOR));
    const entries = await Promise.all(ids.map(async (id) => this.read(id)));
    return entries.filter((entry) => entry !== undefined);
  }

  /**
   * Writes what has changed of it.
   *
   * @param revision of the entry that this replaces; 0 where there must be none
   * @returns the new revision
   * @throws {EntryChangedError} if somebody else has written it since
   */
  async write(id: string, { body, pages }: PagedText, revision: number): Promise<number> {
    const known = this.#known.get(id);
    if (known !== undefined && revisionOf(known) > revision) {
      throw new EntryChangedError(`entry ${id} has changed`);
    }
    let written = revision;
    for (const [index, text] of pages.entries()) {
      written = Math.max(written, await this.#writePart(id, index, text));
    }
    return Math.max(written, await this.#writePart(id, undefined, body));
  }

  /** @throws {EntryChangedError} if somebody else has written it since */
  async remove(id: string, revision: number): Promise<void> {
    const known = this.#known.get(id);
    if (known !== undefined && revisionOf(known) > revision) {
      throw new EntryChangedError(`entry ${id} has changed`);
    }
    await this.#bucket.remove(id, known?.body?.revision ?? revision);
    this.#known.delete(id);
    for (const [index, page] of (known?.pages ?? []).entries()) {
      await this.#bucket.remove(pageId(id, index), page.revision);
    }
  }

  /** As `EntryBucket.watch`; an entry whose pages have not all come is told of when they have. */
  async watch(receive: (change: PagedChange) => void): Promise<void> {
    await this.#bucket.watch((change) => {
      const told = this.#changed(change);
      if (told !== undefined) receive(told);
    });
  }

  async #writePart(id: string, index: number | undefined, text: string): Promise<number> {
    const entry = this.#known.get(id);
    const known = index === undefined ? entry?.body : entry?.pages[index];
    if (known?.text === text) return known.revision;
    const name = index === undefined ? id : pageId(id, index);
    const revision = await this.#bucket.write(name, text, known?.revision ?? 0);
    this.#note(id, index, { text, revision });
    return revision;
  }

  #changed({ id: name, body: text, revision }: EntryChange): PagedChange | undefined {
    const [id = name, page] = name.split(SEPARATOR);
    const index = page === undefined ? undefined : Number(page);
    if (index !== undefined && !(index < MAX_PAGES)) return undefined;
    if (text !== undefined) {
      this.#note(id, index, { text, revision });
      return this.#told(id);
    }
    if (index !== undefined) return undefined;
    this.#known.delete(id);
    return { id, revision };
  }

  #told(id: string): PagedChange | undefined {
    const entry = this.#entry(id);
    return entry === undefined ? undefined : { id, revision: entry.revision, text: entry };
  }

  /** What is older than what is known says nothing. */
  #note(id: string, index: number | undefined, known: Known): void {
    let entry = this.#known.get(id);
    if (entry === undefined) this.#known.set(id, (entry = { body: undefined, pages: [] }));
    const before = index === undefined ? entry.body : entry.pages[index];
    if (before !== undefined && before.revision >= known.revision) return;
    if (index === undefined) entry.body = known;
    else entry.pages[index] = known;
  }

  /** Undefined while a part of it is missing. */
  #entry(id: string): PagedEntry | undefined {
    const known = this.#known.get(id);
    if (known?.body === undefined) return undefined;
    const count = this.#pagesOf(known.body.text);
    const pages = Array.from({ length: count }, (_, index) => known.pages[index]?.text);
    if (!pages.every((page) => page !== undefined)) return undefined;
    return { id, body: known.body.text, pages, revision: revisionOf(known) };
  }
}

function pageId(id: string, index: number): string {
  return `${id}${SEPARATOR}${index}`;
}

function revisionOf({ body, pages }: KnownEntry): number {
  return pages.reduce((last, { revision }) => Math.max(last, revision), body?.revision ?? 0);
}
