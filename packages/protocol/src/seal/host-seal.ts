/**
 * How what hosts send travels: sealed, under a pseudonym of the host, with its name inside; or in the clear, for a NATS
 * that is trusted.
 */
import type { FleetKey } from './fleet-key.ts';
import { decodeNamedBody, encodeNamedBody, type NamedBody } from './named-body.ts';
import { SealFault } from './seal-fault.ts';
import { looksSealed } from './sealed-message.ts';

export interface OpenedMessage {
  /** With the host's own name in it. */
  readonly subject: string;
  readonly body: Uint8Array;
}

/** Of a kind of message, the subject for a host that is called so. */
export type SubjectOf = (name: string) => string;

export interface HostSeal {
  /** What stands for a host in subjects, and wherever else NATS can read. */
  nameOf(host: string): string;
  /** @param subject with `nameOf(host)` in it */
  seal(subject: string, message: NamedBody): Uint8Array;
  open(subject: string, bytes: Uint8Array, subjectOf: SubjectOf): OpenedMessage | SealFault;
}

export function sealedHosts(key: FleetKey): HostSeal {
  return {
    nameOf: (host) => key.pseudonym(host),
    seal: (subject, message) => key.seal(subject, encodeNamedBody(message)),
    open: (subject, bytes, subjectOf) => {
      const plain = key.open(subject, bytes);
      if (plain instanceof SealFault) return plain;
      const named = decodeNamedBody(plain);
      if (named === undefined || subjectOf(key.pseudonym(named.host)) !== subject) {
        return new SealFault('altered', 'it names another host than its subject does');
      }
      return { subject: subjectOf(named.host), body: named.body };
    },
  };
}

export const CLEAR_HOSTS: HostSeal = {
  nameOf: (host) => host,
  seal: (_subject, { body }) => body,
  open: (subject, body) => (looksSealed(body) ? sealedFault() : { subject, body }),
};

/** Of a process without keys that was sent what has been sealed. */
export function sealedFault(): SealFault {
  return new SealFault('sealed', 'it is sealed, and this process was started without --keys');
}
