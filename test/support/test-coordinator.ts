/** A coordinator in the test's own process, its store in a temporary directory, and what tests ask of its API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startCoordinator,
  type CoordinatorAccess,
  type NatsAddress,
  type StoreOptions,
} from '@bpfleet/coordinator';
import pino from 'pino';
import { ApiClient } from './api-client.ts';

export interface TestCoordinator extends AsyncDisposable {
  readonly api: ApiClient;
  readonly url: string;
  readonly store: string;
}

/** @param server a store that is not in the temporary directory */
export async function startTestCoordinator(
  nats: string | NatsAddress,
  server?: StoreOptions,
  access?: CoordinatorAccess,
): Promise<TestCoordinator> {
  const store = await mkdtemp(join(tmpdir(), 'bpfleet-store-'));
  const coordinator = await startCoordinator({
    nats: typeof nats === 'string' ? { url: nats } : nats,
    store: server ?? { path: store },
    listen: { host: '127.0.0.1', port: 0 },
    ...(access !== undefined && { access }),
    log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
  });
  return {
    api: new ApiClient(coordinator.url),
    url: coordinator.url,
    store,
    [Symbol.asyncDispose]: async () => {
      await coordinator.close();
      await rm(store, { recursive: true, force: true });
    },
  };
}
