/** What a supervisor and its runner processes say to each other over Node's IPC channel. */
import type { Usage } from '../governor/usage.ts';
import type { DesiredSession, Ending } from '@bpfleet/protocol';

export type ToRunner =
  | {
      readonly kind: 'arm';
      readonly session: DesiredSession;
      readonly host: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly nats: string;
    }
  /** Attach at this Unix time, at once when it has passed. */
  | { readonly kind: 'run'; readonly startAtMs: number }
  | { readonly kind: 'stop'; readonly ending: Ending };

export type FromRunner =
  /** Idle and ready for `arm`. */
  | { readonly kind: 'ready' }
  /** What the session has taken so far; once a second from when it is loaded. */
  | { readonly kind: 'usage'; readonly usage: Usage }
  /** The session is over on this host, whether it failed or ended, and has been reported. */
  | { readonly kind: 'done' };
