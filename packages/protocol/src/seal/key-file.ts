/** The files of keys that `bpfleet keys init` makes, one for coordinators and one for agents. */
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { FleetKey } from './fleet-key.ts';
import { signerId } from './order.ts';

export interface AgentKeys {
  readonly fleet: FleetKey;
  /** Public keys of the coordinators that are obeyed, by `signerId`. */
  readonly signers: ReadonlyMap<string, KeyObject>;
}

export interface CoordinatorKeys extends AgentKeys {
  readonly signing: KeyObject;
  readonly signer: string;
  /** For what coordinators tell each other, and no agent reads. */
  readonly among: FleetKey;
}

/** `coordinator.json`. */
export interface CoordinatorKeyFile {
  readonly version: 1;
  /** Ed25519 private key, PKCS #8, base64. */
  readonly signing: string;
  /** 32 bytes, base64. */
  readonly fleet: string;
}

/** `agent.json`. */
export interface AgentKeyFile {
  readonly version: 1;
  /** Ed25519 public keys, SPKI, base64. */
  readonly coordinator: readonly string[];
  /** 32 bytes, base64. */
  readonly fleet: string;
}

/** A file of keys says something else than it should. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** @throws {KeyFileError} whose message says what is wrong with it, without what it holds */
export function parseAgentKeys(text: string): AgentKeys {
  const file = parseFile(text);
  if (file['signing'] !== undefined) {
    throw new KeyFileError(
      'these are the keys of a coordinator, with which sessions can be signed; an agent needs agent.json',
    );
  }
  const { coordinator } = file;
  if (!isTexts(coordinator) || coordinator.length === 0) {
    throw new KeyFileError('"coordinator" is not a list of public keys');
  }
  return { fleet: fleetKey(file['fleet']), signers: publicKeys(coordinator) };
}

/** @throws {KeyFileError} whose message says what is wrong with it, without what it holds */
export function parseCoordinatorKeys(text: string): CoordinatorKeys {
  const file = parseFile(text);
  const { signing: written } = file;
  if (typeof written !== 'string') {
    throw new KeyFileError(
      file['coordinator'] === undefined
        ? '"signing" is missing'
        : 'these are the keys of an agent, which can sign nothing; a coordinator needs coordinator.json',
    );
  }
  const signing = privateKey(written);
  const own = createPublicKey(signing);
  const signer = signerId(own);
  const secret = signing.export({ format: 'der', type: 'pkcs8' });
  const among = hkdfSync('sha256', secret, new Uint8Array(0), 'bpfleet among coordinators', 32);
  return {
    fleet: fleetKey(file['fleet']),
    signers: new Map([[signer, own]]),
    signing,
    signer,
    among: new FleetKey(new Uint8Array(among)),
  };
}

function parseFile(text: string): Readonly<Record<string, unknown>> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new KeyFileError('not JSON');
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new KeyFileError('not a JSON object');
  }
  const keys = file as Readonly<Record<string, unknown>>;
  if (keys['version'] !== 1) throw new KeyFileError('"version" is not 1');
  return keys;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function fleetKey(value: unknown): FleetKey {
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (bytes?.length !== 32) throw new KeyFileError('"fleet" is not 32 bytes in base64');
  return new FleetKey(bytes);
}

function publicKeys(texts: readonly string[]): ReadonlyMap<string, KeyObject> {
  return new Map(
    texts.map((key) => {
      try {
        const read = createPublicKey({ key, format: 'der', type: 'spki', encoding: 'base64' });
        return [signerId(ed25519(read)), read] as const;
      } catch (cause) {
        throw new KeyFileError('"coordinator" has something that is not an Ed25519 public key', {
          cause,
        });
      }
    }),
  );
}

function privateKey(key: string): KeyObject {
  try {
    return ed25519(createPrivateKey({ key, format: 'der', type: 'pkcs8', encoding: 'base64' }));
  } catch (cause) {
    throw new KeyFileError('"signing" is not an Ed25519 private key', { cause });
  }
}

function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new KeyFileError('not an Ed25519 key');
  return key;
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
