/**
 * API tokens: `bpf_ID_SECRET`. The id says which one it is, also in logs and lists; the secret is 256 random bits, so
 * that its SHA-256 need not be slow to be safe.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isRole, type Role } from './role.ts';

/** A token as it is kept: enough to know it again, not to use it. Times are Unix milliseconds. */
export interface TokenRecord {
  readonly id: string;
  /** Of the person or service that has it. */
  readonly name: string;
  readonly role: Role;
  /** Of the secret, in hex. */
  readonly sha256: string;
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly revokedAtMs?: number;
}

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly expiresAtMs?: number;
}

const SHAPE = /^bpf_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
const MAX_NAME = 200;

/** The only time that the text is known. */
export function createToken(
  { name, role, expiresAtMs }: NewToken,
  nowMs: number,
): { readonly text: string; readonly record: TokenRecord } {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const record = {
    ...{ id, name, role, sha256: digestOf(secret).toString('hex'), createdAtMs: nowMs },
    ...(expiresAtMs !== undefined && { expiresAtMs }),
  };
  return { text: `bpf_${id}_${secret}`, record };
}

/** Undefined for a text that is no token. */
export function readToken(
  text: string,
): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = SHAPE.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** In a time that does not tell how much of it is right. */
export function isSecretOf({ sha256 }: TokenRecord, secret: string): boolean {
  return timingSafeEqual(digestOf(secret), Buffer.from(sha256, 'hex'));
}

export type TokenState = 'valid' | 'expired' | 'revoked';

export function tokenState({ expiresAtMs, revokedAtMs }: TokenRecord, nowMs: number): TokenState {
  if (revokedAtMs !== undefined) return 'revoked';
  return expiresAtMs !== undefined && expiresAtMs <= nowMs ? 'expired' : 'valid';
}

/** What is wrong with a name, or undefined. Names stand in logs and tables. */
export function nameFault(name: string): string | undefined {
  if (name === '' || name.length > MAX_NAME) return `a name has 1 to ${MAX_NAME} characters`;
  return /[\p{Cc}\p{Cf}\p{Cs}]/u.test(name) ? 'a name has no control characters' : undefined;
}

/** Undefined for what is no record. */
export function parseRecord(value: unknown): TokenRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, name, role, sha256, createdAtMs, expiresAtMs, revokedAtMs } = value as Record<
    string,
    unknown
  >;
  const isTime = (time: unknown): boolean => typeof time === 'number' && Number.isFinite(time);
  const isGood =
    typeof id === 'string' &&
    /^[0-9a-f]{12}$/.test(id) &&
    typeof name === 'string' &&
    nameFault(name) === undefined &&
    isRole(role) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    isTime(createdAtMs) &&
    (expiresAtMs === undefined || isTime(expiresAtMs)) &&
    (revokedAtMs === undefined || isTime(revokedAtMs));
  return isGood ? (value as TokenRecord) : undefined;
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
