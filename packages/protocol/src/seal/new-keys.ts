/** Makes what the two files of keys of a new fleet hold. */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { AgentKeyFile, CoordinatorKeyFile } from './key-file.ts';

export interface NewKeys {
  readonly coordinator: CoordinatorKeyFile;
  readonly agent: AgentKeyFile;
}

export function newKeys(): NewKeys {
  const { privateKey } = generateKeyPairSync('ed25519');
  const signing = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const trusted = createPublicKey(privateKey)
    .export({ format: 'der', type: 'spki' })
    .toString('base64');
  const fleet = randomBytes(32).toString('base64');
  return {
    coordinator: { version: 1, signing, fleet },
    agent: { version: 1, coordinator: [trusted], fleet },
  };
}
