/** Flags of agents and coordinators: which NATS, what opens what comes over it, and how this process is let in. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  KeyFileError,
  parseAgentKeys,
  parseCoordinatorKeys,
  type NatsSecrets,
} from '@bpfleet/protocol/seal';
import { UserError } from '../terminal.ts';

export interface NatsFlags {
  readonly nats: string;
  readonly keys?: string;
  readonly natsNkey?: string;
  readonly natsCreds?: string;
  readonly natsCa?: string;
  readonly trustNats?: boolean;
}

export interface NatsSettings {
  readonly url: string;
  readonly secrets: NatsSecrets;
}

export function withNatsFlags(command: Command, party: 'agent' | 'coordinator'): Command {
  return command
    .requiredOption('--nats <url>', 'NATS server, such as nats://10.0.0.5:4222')
    .option('--keys <file>', `${party}.json of "bpfleet keys init" (BPFLEET_KEYS)`)
    .option('--nats-nkey <file>', `${party}.nk of "bpfleet keys init": its user of NATS`)
    .option('--nats-creds <file>', 'credentials of NATS instead')
    .option('--nats-ca <file>', 'certificates that the one of NATS is checked against, PEM')
    .option('--trust-nats', 'do without keys although NATS is not on this machine');
}

/** @throws UserError for what cannot be read, is no key, or leaves the fleet open to whoever reaches its NATS */
export async function natsOf(
  flags: NatsFlags,
  environment: Readonly<Record<string, string | undefined>>,
  party: 'agent' | 'coordinator',
): Promise<NatsSettings> {
  const { nats: url, natsNkey, natsCreds, natsCa } = flags;
  const keyFile = flags.keys ?? environment['BPFLEET_KEYS'];
  if (natsNkey !== undefined && natsCreds !== undefined) {
    throw new UserError('--nats-nkey and --nats-creds exclude each other');
  }
  if (keyFile === undefined && flags.trustNats !== true && !isOnThisMachine(url)) {
    throw new UserError(
      `NATS at ${url} is not on this machine: whoever reaches it could start programs on every host, and read what they find; give --keys (bpfleet keys init makes them), or --trust-nats where nobody else can reach it`,
    );
  }
  const keys = keyFile === undefined ? undefined : await readKeys(keyFile, party);
  const nkey = natsNkey === undefined ? undefined : await readSeed(natsNkey);
  const credentials = natsCreds === undefined ? undefined : await read(natsCreds);
  const ca = natsCa === undefined ? undefined : await read(natsCa);
  return {
    url,
    secrets: {
      ...(keys !== undefined && { keys }),
      ...(nkey !== undefined && { nkey }),
      ...(credentials !== undefined && { credentials }),
      ...(ca !== undefined && { ca }),
    },
  };
}

async function readKeys(path: string, party: 'agent' | 'coordinator'): Promise<string> {
  const text = await read(path);
  try {
    if (party === 'agent') parseAgentKeys(text);
    else parseCoordinatorKeys(text);
  } catch (error) {
    if (error instanceof KeyFileError) throw new UserError(`keys in ${path}: ${error.message}`);
    throw error;
  }
  return text;
}

async function readSeed(path: string): Promise<string> {
  const seed = (await read(path)).trim();
  if (/^SU[A-Z2-7]{56}$/.test(seed)) return seed;
  throw new UserError(`${path} is not the seed of a NATS user, which begins with SU`);
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(`read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Of several servers, all of them. */
function isOnThisMachine(urls: string): boolean {
  return urls.split(',').every((url) => {
    const text = url.includes('://') ? url.trim() : `nats://${url.trim()}`;
    const host = URL.canParse(text) ? new URL(text).hostname : '';
    return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
  });
}
