/**
 * The folder of an embedded store, looked at before the engine opens it: the engine says only that it could not.
 */
import { constants } from 'node:fs';
import { access, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemReason } from '@bpfleet/protocol';
import { StoreError } from './store-error.ts';

/** The engine holds a lock on this file. */
const LOCKED_FILE = 'status';

/** @throws {StoreError} if it cannot be made or written, or another process uses it */
export async function prepareFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StoreError(`open store ${path}: ${systemReason(error)}`, { cause: error });
  }
  const holder = await holderOf(join(path, LOCKED_FILE));
  if (holder === undefined || holder === process.pid) return;
  throw new StoreError(
    `open store ${path}: process ${holder} uses it, and only one can; end that one, or give this one another folder or a ClickHouse server (--clickhouse)`,
  );
}

/** What `mkdir` with parents says of a disk that cannot be written is that there is no such folder. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') await mkdir(path);
    throw error;
  }
}

/** The process that holds a lock on a file; undefined without any, or where it cannot be told. */
async function holderOf(file: string): Promise<number | undefined> {
  try {
    const { ino } = await stat(file);
    const locks = await readFile('/proc/locks', 'utf8');
    const line = locks.split('\n').find((lock) => lock.includes(`:${ino} `));
    const [, pid] = /(?:FLOCK|POSIX|OFDLCK) +\w+ +\w+ +(\d+) /.exec(line ?? '') ?? [];
    return pid === undefined ? undefined : Number(pid);
  } catch {
    return undefined;
  }
}
