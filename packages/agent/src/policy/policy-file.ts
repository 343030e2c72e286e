/** A node's policy file, read again when it changes. What cannot be read or obeyed changes nothing, and is said. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemReason } from '@bpfleet/protocol';
import { messageOf } from '../message-of.ts';
import { parsePolicy } from './parse-policy.ts';
import { PolicyError } from './policy-error.ts';
import { NO_POLICY, type Policy } from './policy.ts';

export class PolicyFile {
  readonly #path: string | undefined;
  #policy: Policy;
  #seen = '';
  #fault: string | undefined;

  /** Throws PolicyError: an agent without the policy that it was given must not begin. */
  constructor(path: string | undefined, allowUnsafe = false) {
    this.#path = path;
    this.#policy = { ...NO_POLICY, unsafe: allowUnsafe };
    if (path === undefined) return;
    const text = read(path);
    this.#policy = parsePolicy(path, text);
    this.#seen = digest(text);
  }

  get policy(): Policy {
    return this.#policy;
  }

  /** Why the file as it is now is not obeyed, but the one before. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Whether another policy holds now. Reports a new fault to `onFault`. */
  reread(onFault: (message: string) => void): boolean {
    if (this.#path === undefined) return false;
    try {
      const text = read(this.#path);
      const seen = digest(text);
      if (seen === this.#seen) {
        if (this.#policy.digest === seen.slice(0, 16)) this.#fault = undefined;
        return false;
      }
      this.#seen = seen;
      this.#policy = parsePolicy(this.#path, text);
      this.#fault = undefined;
      return true;
    } catch (error) {
      const message = messageOf(error);
      if (message !== this.#fault) onFault(message);
      this.#fault = message;
      return false;
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PolicyError(`policy ${path}: cannot be read: ${systemReason(error)}`, {
      cause: error,
    });
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
