/** What goes wrong in a soak: each kills a part of the fleet and brings it back, or changes who is asked. */
import type { FleetCoordinator, TestFleet } from '../../test/support/test-fleet.ts';

export interface Disturbed {
  readonly fleet: TestFleet;
  readonly second: FleetCoordinator;
  /** The agent that is killed; the others count to the end. */
  readonly victim: string;
  readonly startVictim: () => Promise<void>;
}

export interface Disturbance {
  readonly name: string;
  readonly happen: (disturbed: Disturbed) => Promise<void>;
}

export const DISTURBANCES: readonly Disturbance[] = [
  {
    name: 'coordinator 1 killed',
    happen: async ({ fleet }) => {
      await fleet.killCoordinator();
      await fleet.startCoordinator();
    },
  },
  {
    name: 'coordinator 2 killed',
    happen: async ({ second }) => {
      await second.stop('SIGKILL');
      await second.start();
    },
  },
  {
    name: 'NATS killed',
    happen: async ({ fleet }) => {
      await fleet.nats.stop();
      await fleet.nats.start();
    },
  },
  {
    name: 'agent killed',
    happen: async ({ fleet, victim, startVictim }) => {
      await fleet.removeAgent(victim, 'SIGKILL');
      await startVictim();
    },
  },
  {
    name: 'runner killed',
    happen: async ({ fleet, victim }) => {
      for (const pid of fleet.runners(victim)) process.kill(pid, 'SIGKILL');
      return Promise.resolve();
    },
  },
  { name: 'nothing', happen: async () => Promise.resolve() },
];
