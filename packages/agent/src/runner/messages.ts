/** What a supervisor and its runner processes say to each other over Node's IPC channel. */
import type { PodKnowledge } from '../containers/nothing-matches.ts';
import type { PodChange } from '../pods/pod-table.ts';
import type { NatsAddress } from '../nats/broker.ts';
import type { Usage } from '../governor/usage.ts';
import type { Policy } from '../policy/policy.ts';
import type { MapSpec } from '@bpfleet/bpf';
import type { DesiredSession, Ending, EventSchema } from '@bpfleet/protocol';

export type ToRunner =
  | {
      readonly kind: 'arm';
      readonly session: DesiredSession;
      readonly host: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly nats: NatsAddress;
      readonly podsKnown: PodKnowledge;
      /** What this host allows. */
      readonly policy: Policy;
      /** The runner detaches when its supervisor says nothing for so long. */
      readonly leaseMs: number;
    }
  /** Of this node: first all that are known, then what changes. */
  | ({ readonly kind: 'pods' } & PodChange)
  /** Attach after so long. */
  | { readonly kind: 'run'; readonly startInMs: number }
  | { readonly kind: 'stop'; readonly ending: Ending }
  /** The agent leaves: what cannot be stored soon never will be. */
  | { readonly kind: 'leave' }
  /** Once a second. */
  | { readonly kind: 'alive' };

export type FromRunner =
  /** Idle and ready for `arm`. */
  | { readonly kind: 'ready' }
  /** Armed: where to find what it takes with it if it is killed. */
  | { readonly kind: 'shared'; readonly maps: SharedMaps }
  /** What the session has taken so far; once a second from when it is loaded. */
  | { readonly kind: 'usage'; readonly usage: Usage }
  /** Once a second, whatever it does. `refusal`: why the broker does not take its frames at the moment. */
  | { readonly kind: 'alive'; readonly refusal?: string }
  | ({ readonly kind: 'done' } & RunnerOutcome);

/** Of a session that is over on this host, whether it failed or ended, and has been reported. */
export interface RunnerOutcome {
  /** It would have gone on, had there been a coordinator. */
  readonly lapsed: boolean;
  /** Why the broker has not everything. */
  readonly unsent?: string;
}

export interface SharedMap {
  /** In this kernel. */
  readonly id: number;
  readonly spec: MapSpec;
}

/** What a runner says of its session once it is armed. */
export interface SharedMaps {
  readonly epoch: number;
  readonly ring: SharedMap;
  readonly losses: SharedMap;
  readonly tally: SharedMap;
  /** By number. */
  readonly events: readonly EventSchema['kind'][];
}
