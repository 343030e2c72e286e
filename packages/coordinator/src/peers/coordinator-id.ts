/** The name of this coordinator among others: the same after a restart with the same folder, which only one can use. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { StoreOptions } from '../store/client.ts';

const FILE = 'coordinator-id';

export function isCoordinatorId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

export async function coordinatorId(store: StoreOptions): Promise<string> {
  if (!('path' in store)) return newId();
  const path = join(store.path, FILE);
  const known = await readFile(path, 'utf8').catch(() => '');
  if (isCoordinatorId(known.trim())) return known.trim();
  const id = newId();
  await mkdir(store.path, { recursive: true });
  await writeFile(path, `${id}\n`);
  return id;
}

/** Says where it runs, for people. */
function newId(): string {
  const host = hostname()
    .replace(/\..*/, '')
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, 50);
  return `${host}-${randomBytes(2).toString('hex')}`;
}
