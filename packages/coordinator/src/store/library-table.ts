/** The table `library`: every version of every program of the library; nothing is ever changed or taken out. */
import {
  decodeJson,
  encodeJson,
  type LibraryProgram,
  type LibraryRequest,
} from '@bpfleet/protocol';
import { randomInt } from 'node:crypto';
import type { BatchWriter } from './batch-writer.ts';
import { dateTime64 } from './column-text.ts';
import type { StoreReader } from './reader.ts';
import { StoreError } from './store-error.ts';
import { LIBRARY } from './tables.ts';

interface LibraryRow {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly who: string;
  readonly at_ms: string;
  readonly removed: boolean;
  readonly program: string;
  readonly request: string;
}

export class LibraryTable {
  readonly #reader: StoreReader;
  readonly #writer: Pick<BatchWriter, 'add' | 'tryFlush' | 'stuckWith'>;

  constructor(reader: StoreReader, writer: Pick<BatchWriter, 'add' | 'tryFlush' | 'stuckWith'>) {
    this.#reader = reader;
    this.#writer = writer;
  }

  /** Of one name newest first, or the newest of every name; also those that have been removed. */
  async versions(name?: string): Promise<readonly LibraryProgram[]> {
    const rows = await this.#reader.rows<LibraryRow>(
      `SELECT name, version, digest, who, toUnixTimestamp64Milli(at) AS at_ms, removed, program, request
       FROM library FINAL WHERE ${name === undefined ? '1' : 'name = {name:String}'}
       ORDER BY name, version DESC ${name === undefined ? 'LIMIT 1 BY name' : ''}`,
      name === undefined ? {} : { name },
    );
    return rows.map(({ at_ms, request, ...row }) => ({
      ...(decodeJson(request) as Omit<LibraryRequest, 'program'>),
      ...row,
      addedAtMs: Number(at_ms),
    }));
  }

  /** Resolves when it can be read. @throws {StoreError} where the store takes nothing */
  async add(added: LibraryProgram): Promise<void> {
    const { name, version, digest, who, addedAtMs, removed, program, ...request } = added;
    const at = dateTime64(BigInt(addedAtMs) * 1_000_000n);
    await this.#writer.add(LIBRARY, {
      session: '',
      streamSequence: randomInt(2 ** 48 - 1),
      rows: [[name, version, digest, who, at, removed, program, encodeJson(request)]],
    });
    await this.#writer.tryFlush();
    const { stuckWith } = this.#writer;
    if (stuckWith !== undefined) throw new StoreError(`library ${name}: ${stuckWith}`);
  }
}
