/** Of several coordinators with one store only the owner of a session writes it. */

export interface WritePermission {
  /** False where others may have taken what this coordinator owned. */
  holds(): boolean;
  /** Resolves once it is known again what this coordinator owns. */
  held(): Promise<void>;
  owns(session: string): boolean;
}

/** For one that shares its store with nobody. */
export const ALONE: WritePermission = {
  holds: () => true,
  held: async () => Promise.resolve(),
  owns: () => true,
};
