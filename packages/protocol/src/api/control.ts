/**
 * Control messages between coordinator and agents (JSON).
 *
 * The coordinator writes each session's desired state into the KV bucket `bpfleet_sessions`; agents watch it,
 * evaluate the selector themselves, and answer with `HostReport`s. Late joiners read the bucket.
 */
import type { EndReason } from '../frame/frame.ts';
import type { Schema } from '../schema/schema.ts';
import type { LeftBehind } from './left-behind.ts';
import type { ContainerFilter } from './container-filter.ts';
import type { ProgramFiles } from './program-files.ts';
import type { SessionBudget } from './session-budget.ts';

export interface Selector {
  /** Host names; empty selects all. */
  readonly hosts: readonly string[];
  /** All of these must match. */
  readonly labels: Readonly<Record<string, string>>;
}

export function selects(
  selector: Selector,
  host: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  if (selector.hosts.length > 0 && !selector.hosts.includes(host)) return false;
  return Object.entries(selector.labels).every(([name, value]) => labels[name] === value);
}

export type DesiredState = 'arm' | 'run' | 'stop';

export interface DesiredSession {
  readonly version: 1;
  readonly id: string;
  readonly program: string;
  /** What diagnostics call the program: `stdin` for `-e`, else the file name. */
  readonly sourceName: string;
  /** What it imports and includes. */
  readonly files?: ProgramFiles;
  /** Headers that come before its own definitions. */
  readonly includes?: readonly string[];
  readonly parameters: readonly string[];
  /** For `getopt`: `name=value`, or `name` alone for true. */
  readonly namedParameters?: readonly string[];
  readonly selector: Selector;
  /** Of the processes of its hosts, only those in these containers. */
  readonly containers?: ContainerFilter;
  readonly unsafe: boolean;
  /** Text does not leave the hosts. */
  readonly redact?: boolean;
  readonly state: DesiredState;
  /** Unix time in milliseconds at which armed hosts attach; set with `run`. */
  readonly startAtMs?: number;
  /** Detach by itself after this long, milliseconds. */
  readonly durationMs?: number;
  /** A host where it takes more ends it there. */
  readonly budget?: SessionBudget;
  readonly createdAtMs: number;
  readonly who: string;
  /** Hosts that must not run it, and why. */
  readonly without?: Readonly<Record<string, string>>;
  /** Not to be run: hosts compile it, load it, report `checked` or `failed`, and are done. */
  readonly check?: boolean;
}

/** Published by each agent every second on `subjects.heartbeat(host)`. */
export interface Heartbeat {
  readonly version: 1;
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kernel: string;
  readonly arch: string;
  readonly features: readonly string[];
  readonly agentVersion: string;
  /** Unix milliseconds of the agent's start; a restarted agent has another. */
  readonly startedAtMs: number;
  /** Unix nanoseconds on this host when it was sent, as a decimal string. */
  readonly sentAtNs: string;
  /** What Unix time was ahead of the boot clock then, nanoseconds in decimal: tells when the host's clock is set. */
  readonly bootToUnixNs?: string;
  /** It detaches after so long without a word from a coordinator. */
  readonly leaseMs?: number;
  /** Sessions with a living runner. */
  readonly sessions: readonly string[];
  /** By session, why NATS does not take its frames at the moment. */
  readonly refusals?: Readonly<Record<string, string>>;
  /** Absent from an agent that was given none. */
  readonly policy?: HostPolicy;
}

/** The policy file of a host, as its agent says. */
export interface HostPolicy {
  /** The beginning of the SHA-256 of the file that is obeyed. */
  readonly digest: string;
  readonly unsafe: boolean;
  readonly redact: boolean;
  /** Why the file as it is now is not obeyed, but the one before. */
  readonly fault?: string;
}

/** Published by each coordinator every second on `subjects.coordinator`. */
export interface CoordinatorBeat {
  /** Its Unix time, milliseconds: the clock that start times are meant by. */
  readonly sentAtMs: number;
  /** Tells the processes of coordinators apart. */
  readonly from?: string;
}

/** Published on `subjects.report(session, host)`, in JetStream so that a restarted coordinator sees it again. */
export type HostReport = {
  readonly version: 1;
  readonly session: string;
  readonly host: string;
  readonly atMs: number;
} & (
  | {
      readonly kind: 'armed';
      readonly schema: Schema;
      readonly schemaHash: string;
      readonly probes: number;
      readonly warnings: string;
      /** Nothing there is what the session is about, such as `no matching pod`; it waits for something that is. */
      readonly unmatched?: string;
    }
  /** Now there is; `fault`: what of it cannot be traced, and why. */
  | { readonly kind: 'matched'; readonly fault?: string }
  | {
      readonly kind: 'failed';
      /** `program`: diagnostics of the user's source, rendered; else an operational error. */
      readonly fault: 'program' | 'host';
      readonly message: string;
    }
  | {
      readonly kind: 'checked';
      readonly probes: number;
      /** Rendered. */
      readonly warnings: string;
    }
  | { readonly kind: 'attached'; readonly probes: number }
  | {
      readonly kind: 'lost';
      readonly message: string;
      /** Where the agent could look: what was lost with the runner. */
      readonly left?: LeftBehind;
    }
  | { readonly kind: 'ended'; readonly reason: EndReason }
);

function token(name: string): string {
  const encoded = /\p{Cs}/u.test(name)
    ? Array.from(name, encodeCharacter).join('')
    : encodeURIComponent(name);
  return encoded.replace(/[.*!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}

/** Half a surrogate pair, as bytes that are no UTF-8 become when they are read, has no percent-encoding of its own. */
function encodeCharacter(character: string): string {
  return /\p{Cs}/u.test(character)
    ? `%u${character.charCodeAt(0).toString(16)}`
    : encodeURIComponent(character);
}

/** NATS subjects; host names are percent-encoded, since a dot separates tokens. */
export const subjects = {
  heartbeat: (host: string): string => `bpfleet.v1.agent.${token(host)}.heartbeat`,
  heartbeats: 'bpfleet.v1.agent.*.heartbeat',
  /** `CoordinatorBeat`, published by each coordinator every second; agents that hear none for their lease detach. */
  coordinator: 'bpfleet.v1.coordinator.heartbeat',
  data: (session: string, host: string): string =>
    `bpfleet.v1.session.${token(session)}.data.${token(host)}`,
  report: (session: string, host: string): string =>
    `bpfleet.v1.session.${token(session)}.report.${token(host)}`,
  sessionAll: (session: string): string => `bpfleet.v1.session.${token(session)}.>`,
  allSessions: 'bpfleet.v1.session.>',
} as const;

/** JetStream stream of all session subjects, and the KV bucket of desired sessions. */
export const STREAM = 'BPFLEET_SESSIONS';
export const SESSIONS_BUCKET = 'bpfleet_sessions';
/** Entries without the pages beside them, which are not for agents: `<session>.<number>`. */
export const SESSION_ENTRIES = { key: '*' } as const;
/** KV bucket of the coordinators that live; each writes its entry once a second. */
export const COORDINATORS_BUCKET = 'bpfleet_coordinators';
