/** The file of tokens: JSON, written as a whole, read again whenever it has changed. */
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import {
  createToken,
  isSecretOf,
  parseRecord,
  readToken,
  tokenState,
  type NewToken,
  type TokenRecord,
} from './token.ts';
import { CredentialError, type Authenticator, type Principal } from './principal.ts';

/** The message says which file, and what to do. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
}

interface Read {
  /** Tells a file that has changed. */
  readonly version: string;
  readonly records: readonly TokenRecord[];
}

const OTHERS_MAY_WRITE = 0o022;

export class TokenFile implements Authenticator {
  readonly path: string;
  #last: Read | undefined;
  /** Changes follow one another: each is made to what the one before left. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** None where there is no file yet. @throws {TokenFileError} */
  async records(): Promise<readonly TokenRecord[]> {
    const version = await this.#version();
    if (version === undefined) return [];
    if (this.#last?.version !== version) this.#last = { version, records: await this.#read() };
    return this.#last.records;
  }

  async authenticate(bearer: string): Promise<Principal | undefined> {
    const given = readToken(bearer);
    if (given === undefined) return undefined;
    const record = (await this.records()).find(({ id }) => id === given.id);
    if (record === undefined || !isSecretOf(record, given.secret)) return undefined;
    const state = tokenState(record, Date.now());
    if (state !== 'valid') {
      throw new CredentialError(`token ${record.id} of ${record.name} is ${state}`);
    }
    return { name: record.name, role: record.role, via: 'token' };
  }

  /** Gives the text, which is kept nowhere. @throws {TokenFileError} */
  async create(token: NewToken): Promise<{ readonly text: string; readonly record: TokenRecord }> {
    return this.#change((records) => {
      const made = createToken(token, Date.now());
      return { records: [...records, made.record], result: made };
    });
  }

  /** Undefined where there is no such token. @throws {TokenFileError} */
  async revoke(id: string): Promise<TokenRecord | undefined> {
    return this.#change((records) => {
      const record = records.find((one) => one.id === id);
      if (record === undefined) return { records, result: undefined };
      const revoked = { ...record, revokedAtMs: record.revokedAtMs ?? Date.now() };
      const rest = records.map((one) => (one.id === id ? revoked : one));
      return { records: rest, result: revoked };
    });
  }

  async #change<Result>(
    change: (records: readonly TokenRecord[]) => {
      readonly records: readonly TokenRecord[];
      readonly result: Result;
    },
  ): Promise<Result> {
    const changed = this.#changing.then(async () => {
      const { records, result } = change(await this.records());
      await this.#write(records);
      return result;
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** Of the file as it is; undefined where there is none. */
  async #version(): Promise<string | undefined> {
    try {
      const { mode, ino, size, mtimeNs } = await stat(this.path, { bigint: true });
      if ((Number(mode) & OTHERS_MAY_WRITE) !== 0) {
        throw new TokenFileError(
          `tokens ${this.path}: others may write it, and with that make themselves admins: chmod 600 it`,
        );
      }
      return `${ino} ${size} ${mtimeNs}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#fault(error);
    }
  }

  async #read(): Promise<readonly TokenRecord[]> {
    try {
      const content: unknown = JSON.parse(await readFile(this.path, 'utf8'));
      const { version, tokens } = content as Record<string, unknown>;
      if (version !== 1 || !Array.isArray(tokens)) throw new Error('not a file of tokens');
      return tokens.map((token, index) => {
        const record = parseRecord(token);
        if (record === undefined) throw new Error(`entry ${index + 1} is not a token`);
        return record;
      });
    } catch (error) {
      throw this.#fault(error);
    }
  }

  /** Under another name first, so that nobody ever reads half of it. */
  async #write(tokens: readonly TokenRecord[]): Promise<void> {
    const draft = `${this.path}.${randomBytes(4).toString('hex')}`;
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.path);
    } catch (error) {
      await rm(draft, { force: true });
      throw this.#fault(error);
    }
  }

  #fault(error: unknown): TokenFileError {
    if (error instanceof TokenFileError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new TokenFileError(`tokens ${this.path}: ${reason}`, { cause: error });
  }
}
