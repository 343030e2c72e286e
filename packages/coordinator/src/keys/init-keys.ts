/** Makes the keys of a fleet in a folder: for coordinators, for agents, for operators, and for the nats-server between them. */
import { mkdir, readdir, readFile, writeFile, chmod } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { newKeys, parseAgentKeys } from '@bpfleet/protocol/seal';
import { newNkey } from '../nats/nkey.ts';
import { makeCertificates } from './certificates.ts';
import { kubernetesSecrets } from './kubernetes-secrets.ts';
import { natsConfiguration, type NatsUser } from './nats-configuration.ts';

export interface KeysRequest {
  readonly folder: string;
  /** Each gets a user of NATS of its own; without any, all agents share one. */
  readonly hosts: readonly string[];
  /** Under which NATS is reached: host names and addresses. */
  readonly natsNames: readonly string[];
  /** Whether the files are for Secrets, where nats-server finds them in `/etc/nats`. */
  readonly kubernetes: boolean;
}

/** The folder is not for new keys. */
export class KeysFolderError extends Error {
  override readonly name = 'KeysFolderError';
}

const IN_KUBERNETES = '/etc/nats';

/**
 * @returns the names of the files
 * @throws {KeysFolderError} if there is something in the folder already
 * @throws {CertificateError} if the certificate of nats-server cannot be made
 */
export async function initKeys(request: KeysRequest): Promise<readonly string[]> {
  const folder = resolve(request.folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) {
    throw new KeysFolderError(
      `${folder} is not empty; keys are never overwritten: choose another folder, or remove this one`,
    );
  }
  await chmod(folder, 0o700);
  await makeCertificates(folder, request.natsNames);
  const files = new Map<string, string>();
  const keys = newKeys();
  files.set('coordinator.json', `${JSON.stringify(keys.coordinator, null, 2)}\n`);
  files.set('agent.json', `${JSON.stringify(keys.agent, null, 2)}\n`);
  const { fleet } = parseAgentKeys(JSON.stringify(keys.agent));
  const users: NatsUser[] = [];
  const addUser = (file: string, party: NatsUser['party']): void => {
    const { seed, publicKey } = newNkey();
    files.set(file, `${seed}\n`);
    users.push({ publicKey, party });
  };
  addUser('coordinator.nk', { kind: 'coordinator' });
  addUser('operator.nk', { kind: 'operator' });
  for (const host of request.hosts) {
    addUser(`agent.${encodeURIComponent(host)}.nk`, {
      kind: 'agent',
      pseudonym: fleet.pseudonym(host),
    });
  }
  if (request.hosts.length === 0) addUser('agent.nk', { kind: 'agent' });
  const home = request.kubernetes ? IN_KUBERNETES : folder;
  files.set('nats-server.conf', natsConfiguration({ folder: home, users }));
  if (request.kubernetes) files.set('secrets.yaml', await secretsOf(folder, files));
  for (const [name, text] of files) {
    await writeFile(join(folder, name), text, { mode: 0o600, flag: 'wx' });
  }
  const made = await readdir(folder);
  for (const name of made) await chmod(join(folder, name), 0o600);
  return made.toSorted();
}

async function secretsOf(folder: string, files: ReadonlyMap<string, string>): Promise<string> {
  const ca = await readFile(join(folder, 'ca.pem'), 'utf8');
  const [certificate, key] = await Promise.all(
    ['nats.crt', 'nats.key'].map(async (name) => readFile(join(folder, name), 'utf8')),
  );
  const pick = (wanted: (name: string) => boolean): Record<string, string> =>
    Object.fromEntries([...files].filter(([name]) => wanted(name)));
  return kubernetesSecrets({
    'bpfleet-coordinator-keys': {
      ...pick((name) => name.startsWith('coordinator.')),
      'ca.pem': ca,
    },
    'bpfleet-agent-keys': { ...pick((name) => name.startsWith('agent.')), 'ca.pem': ca },
    'bpfleet-nats': {
      ...pick((name) => name === 'nats-server.conf'),
      'nats.crt': certificate ?? '',
      'nats.key': key ?? '',
    },
  });
}
