/**
 * The connection to ClickHouse: a server, or the engine embedded in this process (the optional package `chdb`), both
 * behind the same client library.
 */
import {
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
} from '@clickhouse/client';
import type * as ChdbConnectionModule from 'chdb/connection';
import type { Retention } from './retention.ts';
import { messageOf, StoreError } from './store-error.ts';
import { prepareFolder } from './store-folder.ts';
import { ONE_SERVER, type StoreForm } from './store-form.ts';

export type StoreOptions = StorePlace & {
  /** As the tables have it when absent. */
  readonly retention?: Retention;
};

export type StorePlace =
  /** A directory of the embedded engine; one process at a time. */
  | { readonly path: string }
  /** User, password and database can be in the URL. */
  | {
      readonly url: string;
      readonly password?: string;
      /** As the servers' configuration names it; the tables are on all of its servers then. */
      readonly cluster?: string;
    };

/** For messages: without what only those who use it should know. */
export function nameOfStore(place: StorePlace): string {
  if ('path' in place) return place.path;
  return URL.canParse(place.url) ? new URL(place.url).origin : place.url;
}

type Injected = NonNullable<ClickHouseClientConfigOptions['connection']>;

/** 64-bit integers come as strings, or JSON.parse would round them. */
export const EXACT_INTEGERS = {
  output_format_json_quote_64bit_integers: 1,
} as const;

/** @throws {StoreError} if the embedded engine is not installed or its directory cannot be opened. */
export async function createStoreClient(
  options: StorePlace,
  form: StoreForm = ONE_SERVER,
): Promise<ClickHouseClient> {
  if ('url' in options) {
    const { url, password } = options;
    return createClient({
      url,
      ...(password !== undefined && { password }),
      // Whoever asks tells of what fails.
      log: { level: ClickHouseLogLevel.OFF },
      compression: { request: true, response: true },
      clickhouse_settings: { ...EXACT_INTEGERS, ...form.settings },
    });
  }
  const { createChdbConnection } = await embedded();
  await prepareFolder(options.path);
  try {
    // The two packages declare the same interface, each in its own copy.
    const connection = createChdbConnection({ path: options.path }) as unknown as Injected;
    const client = createClient({ connection });
    await client.command({ query: 'SET output_format_json_quote_64bit_integers = 1' });
    return client;
  } catch (error) {
    throw new StoreError(`open store ${options.path}: ${messageOf(error)}`, { cause: error });
  }
}

async function embedded(): Promise<typeof ChdbConnectionModule> {
  try {
    return await import('chdb/connection');
  } catch (error) {
    throw new StoreError(
      'open store: the package chdb is not installed for this platform; give the address of a clickhouse server instead',
      { cause: error },
    );
  }
}
