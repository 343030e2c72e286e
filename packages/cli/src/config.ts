/** Where the coordinators are: flags, then environment, then the user's configuration file, then this machine. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, type Terminal } from './terminal.ts';

export interface Connection {
  /** Of one coordinator, or of several that share a fleet; the first that answers is used. */
  readonly urls: readonly string[];
  readonly token?: string;
  /** Certificates in PEM of the authority that vouches for them. */
  readonly ca?: string;
}

export const DEFAULT_URL = 'http://127.0.0.1:8080';

interface Settings {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  /** A file. */
  readonly ca?: string | undefined;
}

export function configPath(homeDirectory: string): string {
  return join(homeDirectory, '.config/bpfleet/config.json');
}

async function readSettings(path: string): Promise<Settings> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UserError(`read ${path}: ${(error as Error).message}`, { cause: error });
  }
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    throw new UserError(`read ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (typeof settings !== 'object' || settings === null) {
    throw new UserError(`read ${path}: not a JSON object`);
  }
  const { url, token, ca } = settings as Record<string, unknown>;
  for (const [name, value] of Object.entries({ url, token, ca })) {
    if (value !== undefined && typeof value !== 'string') {
      throw new UserError(`read ${path}: "${name}" is not a string`);
    }
  }
  return settings;
}

/** @throws UserError when the file cannot be read or the address is none */
export async function findCoordinator(
  flags: Settings,
  { environment, homeDirectory }: Pick<Terminal, 'environment' | 'homeDirectory'>,
): Promise<Connection> {
  const file = await readSettings(configPath(homeDirectory));
  const url = flags.url ?? environment['BPFLEET_URL'] ?? file.url ?? DEFAULT_URL;
  const token = flags.token ?? environment['BPFLEET_TOKEN'] ?? file.token;
  const urls = url.split(',').map((each) => each.trim().replace(/\/+$/, ''));
  for (const each of urls) {
    if (/^https?:$/.test(protocolOf(each))) continue;
    throw new UserError(`coordinator ${each}: not an http:// or https:// address`);
  }
  const caFile = flags.ca ?? environment['BPFLEET_CA'] ?? file.ca;
  return {
    urls,
    ...(token === undefined ? {} : { token }),
    ...(caFile === undefined ? {} : { ca: await readCertificates(caFile) }),
  };
}

async function readCertificates(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch (error) {
    throw new UserError(`read ${path}: ${(error as Error).message}`, { cause: error });
  }
  throw new UserError(`read ${path}: no certificate in PEM`);
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
